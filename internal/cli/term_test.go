package cli

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

// quiet is an Env whose standard error is a buffer, which is no terminal.
func quiet(vars map[string]string) (Env, *bytes.Buffer) {
	var stderr bytes.Buffer
	return Env{Stdout: &bytes.Buffer{}, Stderr: &stderr, Getenv: func(name string) string { return vars[name] }}, &stderr
}

func TestColorFollowsTheConventions(t *testing.T) {
	cases := []struct {
		name     string
		vars     map[string]string
		terminal bool
		want     bool
	}{
		{"a terminal", nil, true, true},
		{"a pipe", nil, false, false},
		{"NO_COLOR", map[string]string{"NO_COLOR": "1"}, true, false},
		{"an empty NO_COLOR does not count", map[string]string{"NO_COLOR": ""}, true, true},
		{"TERM=dumb", map[string]string{"TERM": "dumb"}, true, false},
		{"CLICOLOR_FORCE", map[string]string{"CLICOLOR_FORCE": "1"}, false, true},
		{"CLICOLOR_FORCE=0", map[string]string{"CLICOLOR_FORCE": "0"}, false, false},
		{"NO_COLOR wins", map[string]string{"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, true, false},
		{"CLICOLOR_FORCE wins over TERM=dumb", map[string]string{"TERM": "dumb", "CLICOLOR_FORCE": "1"}, true, true},
	}
	for _, c := range cases {
		env, _ := quiet(c.vars)
		if got := env.wantsColor(c.terminal); got != c.want {
			t.Errorf("%s: colours %t, want %t", c.name, got, c.want)
		}
	}
}

func TestColumnsSetTheWidthOfAPipe(t *testing.T) {
	for columns, want := range map[string]int{"": 0, "120": 120, "wide": 0} {
		env, _ := quiet(map[string]string{"COLUMNS": columns})
		if got := env.screenOf(env.Stdout, nil).width; got != want {
			t.Errorf("COLUMNS=%q: width %d, want %d", columns, got, want)
		}
	}
}

func TestComplain(t *testing.T) {
	env, stderr := quiet(nil)
	env.complain(nil, fmt.Errorf("reading plan: %w", withHint(errors.New("first\x1b[2J\nsecond 100%"), "use a 100% whole plan")))
	want := "vigil: error: reading plan: first\\x1b[2J\nvigil:   second 100%\nvigil: hint: use a 100% whole plan\n"
	if got := stderr.String(); got != want {
		t.Errorf("told\n%s\nwant\n%s", got, want)
	}
}
