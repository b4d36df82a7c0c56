package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// step is one part of the demo's story. play returns an error when something
// did not go as the story tells it.
type step struct {
	title string
	play  func(context.Context, *stage) error
}

var errHandedOver = errors.New("handed over to the user")

// What terraform plan -detailed-exitcode says.
const (
	planEmpty  = 0
	planBroken = 1
)

var applyBaseline = step{"an audit baseline is applied", func(ctx context.Context, s *stage) error {
	s.say("%s\nA multi-Region trail with digest validation, its log group, metric filters and\nalarms, and AWS Config. Buckets, roles, key and topic are there already: the\nlanding zone made them. The provider is this program, which Terraform calls a\ndevelopment override.", s.versions())
	if _, err := s.terraform(ctx, planEmpty, "apply", "-auto-approve", "-input=false"); err != nil {
		return err
	}
	s.say("\nWhat was applied is what is there: the next plan is empty.")
	_, err := s.terraform(ctx, planEmpty, "plan", "-detailed-exitcode", "-input=false")
	return err
}}

// edit is a change that somebody makes to a file of the demo.
type edit struct{ file, from, to string }

// weakening breaks two rules: cloudtrail/log_file_validation and logs/retention.
func weakening() []edit {
	return []edit{
		{"main.tf", "enable_log_file_validation = true", "enable_log_file_validation = false"},
		// Not the group that the trail writes to: Terraform plans nothing that
		// depends on what was refused, and the trail would go unmentioned.
		{"main.tf", "retention_in_days = 731", "retention_in_days = 3"},
	}
}

var weakenBaseline = step{"the baseline is weakened, and the plan is blocked", func(ctx context.Context, s *stage) error {
	s.say("Somebody edits %s/main.tf:\n", s.configuration)
	if err := s.edit(weakening()); err != nil {
		return err
	}
	output, err := s.terraform(ctx, planBroken, "plan", "-input=false")
	if err != nil {
		return err
	}
	for _, rule := range []string{"cloudtrail/log_file_validation", "logs/retention"} {
		if !strings.Contains(output, rule) {
			return fmt.Errorf("the plan was not blocked by rule %s", rule)
		}
	}
	s.say("\nThe plan was refused before anything changed. The edit is taken back.")
	return s.restore()
}}

var checkPlan = step{"a plan with hashicorp/aws resources is checked", func(ctx context.Context, s *stage) error {
	s.say("The same rules, in a pipeline, on the JSON of a plan that knows nothing of vigil.\nExit code 2 says that there are violations.")
	_, err := s.vigil(ctx, ExitFound, "check", "baseline.json")
	return err
}}

var destroyBaseline = step{"everything is destroyed", func(ctx context.Context, s *stage) error {
	s.say("What was made goes; what the landing zone made stays.")
	if _, err := s.terraform(ctx, 0, "destroy", "-auto-approve", "-input=false"); err != nil {
		return err
	}
	left := slices.DeleteFunc(s.aws.Resources(), func(arn string) bool { return slices.Contains(s.before, arn) })
	if len(left) > 0 {
		return fmt.Errorf("the sandbox still holds %s", strings.Join(left, ", "))
	}
	s.say("\nThe sandbox holds what the landing zone made (%d resources) and nothing else.", len(s.before))
	return nil
}}

// edit changes files of the demo and shows the change. Each text must be there
// exactly once: an edit that changes nothing would tell another story.
func (s *stage) edit(edits []edit) error {
	for _, e := range edits {
		path := filepath.Join(s.configuration, e.file)
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if n := strings.Count(string(text), e.from); n != 1 {
			return fmt.Errorf("editing %s: %q is there %d times", e.file, e.from, n)
		}
		if err := os.WriteFile(path, []byte(strings.Replace(string(text), e.from, e.to, 1)), 0o600); err != nil {
			return err
		}
		s.say("%s\n%s", s.paint(ansiRed, "-  "+e.from), s.paint(ansiGreen, "+  "+e.to))
	}
	return nil
}

// curtain ends the story.
func (s *stage) curtain(story []step) {
	s.say("\n%s\n", s.paint(ansiBold, "All four steps went as told:"))
	for i, step := range story {
		s.say("  %d. %s", i+1, step.title)
	}
	s.say("\n`vigil demo --keep` leaves it all to you, `vigil rules list` has the rules, and\n`terraform show -json plan.tfplan | vigil check -` checks a plan of yours.")
}

// handOver says how to go on by hand.
func (s *stage) handOver() {
	s.say("\n%s", s.paint(ansiBold, "It is yours now. In another terminal:"))
	s.say("")
	for _, v := range append(sandboxVariables(s.aws, true), variable{"TF_CLI_CONFIG_FILE", s.cliConfig}) {
		s.say("  export %s=%s", v.name, shellQuote(v.value))
	}
	s.say("  cd %s", shellQuote(s.configuration))
	s.say("\nand then, for example:\n")
	for _, line := range []string{
		s.terraformPath + " plan          # empty; edit main.tf and it may be refused",
		"aws cloudtrail describe-trails   # any AWS tool works",
		shellQuote(s.binary) + " rules list",
		s.terraformPath + " destroy",
	} {
		s.say("  %s", line)
	}
	s.say("\nCtrl-C here ends the sandbox and removes %s.", s.work)
}
