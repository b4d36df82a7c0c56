package report_test

import (
	"encoding/json"
	"encoding/xml"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/jstemmer/go-junit-report/v2/junit"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/report"
)

// hostile are names that try to be more than names.
func hostile() map[string]string {
	return map[string]string{
		"ansi":             "a\x1b[2J\x1b[31mred\x1b]0;title\x07",
		"c1 csi":           "a\u009b2Jb\u0085c",
		"workflow command": "x\n::error file=a.go::owned",
		"command at start": "::set-output name=a::b",
		"old command":      "x ##[set-env name=PATH;]evil",
		"crlf":             "x\r\n::add-mask::a\rb",
		"separators":       "a\u2028b\u2029c\vd\fe\x00f",
		"bidi":             "user\u202eadmin\u202c\u2066x\u2069",
		"invisible":        "pay\u200bpal\ufeff\u00ad",
		"invalid utf-8":    "a\xff\xfe\xc3(b\xed\xa0\x80",
		"not xml":          "a\ufffeb\uffffc",
		"html":             `<script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;`,
		"html close":       `</code></td></tr></table></details><h1>x`,
		"markdown":         "**b** _i_ [l](http://evil.example) ![i](http://evil.example/x.png) `c` | d",
		"table cell":       "a | b | c \\| d\n| --- |",
		"backticks":        "``` ` `` |",
		"backslashes":      `\\|\`,
		"mention":          "@octocat fixes #1, https://evil.example www.evil.example a@evil.example",
		"cdata":            "]]> <![CDATA[ ]]]]><x/>",
		"json":             `","verdict":"COMPLIANT","x":"`,
		"percent":          "100%25 %0A::error::x",
		"sarif link":       "[click](https://evil.example) {0}",
		"formula":          `=HYPERLINK("http://evil.example")`,
		"long":             strings.Repeat("long", 100_000),
		"long rune":        strings.Repeat("é", 40_000),
		"emoji":            "a\U0001F468\u200d\U0001F469\U000E0041b",
	}
}

// hostileReport has the name wherever a plan or a rule can put it.
func hostileReport(name string) finding.Report {
	r := sample()
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Resource = finding.Resource{Type: "AWS::S3::Bucket", ID: name, Name: name, Address: name}
		f.Message, f.Path = name, name
		f.Remediation, f.Title = name, name
		f.Unknown = []finding.UnknownPath{{Path: name, WaitsFor: name}}
		f.Controls = []string{name}
		if f.Waiver != nil {
			f.Waiver = &finding.Waiver{Owner: name, Reason: name, Expires: name}
		}
	}
	r.Source.Path = name
	return r
}

func eachHostile(t *testing.T, format string, check func(t *testing.T, name, got string)) {
	for title, name := range hostile() {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			got := written(t, format, hostileReport(name), report.Options{Width: 80})
			assertHarmless(t, got)
			check(t, name, got)
		})
	}
}

// assertHarmless holds for every format: nothing that a terminal acts on and no
// line that a CI runner takes for its own.
func assertHarmless(t *testing.T, got string) {
	t.Helper()
	if !utf8.ValidString(got) {
		t.Error("the report is not UTF-8")
	}
	for _, r := range got {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)) {
			t.Fatalf("the report holds %U", r)
		}
	}
	if strings.Contains(got, "##[") {
		t.Error("the report holds a command of the old form, ##[")
	}
}

func TestHostileTable(t *testing.T) {
	eachHostile(t, "table", func(t *testing.T, _, got string) {
		assertNoCommands(t, got)
		last := got[strings.LastIndex(strings.TrimSpace(got), "\n\n")+2:]
		if !strings.HasPrefix(last, "3 violations (2 medium, 1 low)") {
			t.Errorf("the report ends in %q", last)
		}
	})
}

func assertNoCommands(t *testing.T, got string) {
	t.Helper()
	for line := range strings.Lines(got) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			t.Errorf("a runner would obey %q", line)
		}
	}
}

func TestHostileJSON(t *testing.T) {
	eachHostile(t, "json", func(t *testing.T, name, got string) {
		var r finding.Report
		if err := json.Unmarshal([]byte(got), &r); err != nil {
			t.Fatal(err)
		}
		want := string([]rune(name)) // what encoding/json makes of bytes that are not UTF-8
		if got := r.Findings[0].Resource.Address; got != want {
			t.Errorf("address = %q, want %q", got, want)
		}
		assertNoCommands(t, got)
	})
}

func TestHostileSARIF(t *testing.T) {
	link := regexp.MustCompile(`\[[^\]]*\]\(`)
	eachHostile(t, "sarif", func(t *testing.T, _, got string) {
		var log struct {
			Runs []struct {
				Results []struct {
					Message   struct{ Text string }
					Locations []struct {
						PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
					}
				}
			}
		}
		if err := json.Unmarshal([]byte(got), &log); err != nil {
			t.Fatal(err)
		}
		if n := len(log.Runs[0].Results); n != 4 {
			t.Fatalf("%d results, want 4", n)
		}
		for _, result := range log.Runs[0].Results {
			if link.MatchString(result.Message.Text) {
				t.Errorf("%q holds a link", result.Message.Text)
			}
			if uri := result.Locations[0].PhysicalLocation.ArtifactLocation.URI; !regexp.MustCompile(`^[!-~]*$`).MatchString(uri) {
				t.Errorf("%q is not a URI", uri)
			}
		}
	})
}

func TestHostileJUnit(t *testing.T) {
	eachHostile(t, "junit", func(t *testing.T, _, got string) {
		decoder := xml.NewDecoder(strings.NewReader(got))
		var suites junit.Testsuites
		if err := decoder.Decode(&suites); err != nil {
			t.Fatal(err)
		}
		if suites.Tests != 9 || suites.Failures != 3 || suites.Errors != 1 || suites.Skipped != 4 {
			t.Errorf("%d tests, %d failures, %d errors, %d skipped", suites.Tests, suites.Failures, suites.Errors, suites.Skipped)
		}
		if end := strings.TrimSpace(got[decoder.InputOffset():]); end != "" {
			t.Errorf("after the document: %q", end)
		}
		assertNoCommands(t, got)
	})
}

func TestHostileGitHub(t *testing.T) {
	command := regexp.MustCompile(`^::(error|warning|notice) file=[^,:]*,line=1,title=[^,:]*::[^\n]*\n$`)
	eachHostile(t, "github", func(t *testing.T, _, got string) {
		lines := strings.SplitAfter(strings.TrimSuffix(got, "\n"), "\n")
		if len(lines) != 8 {
			t.Fatalf("%d lines, want seven annotations and the summary", len(lines))
		}
		for _, line := range lines[:7] {
			if !command.MatchString(line) {
				t.Errorf("not one whole command: %q", line)
			}
		}
	})
}

// TestHostileMarkdown reads the report as GitHub would.
func TestHostileMarkdown(t *testing.T) {
	harmlessHTML := regexp.MustCompile(`^(<br>|<!-- -->|</?code>)$`)
	eachHostile(t, "markdown", func(t *testing.T, _, got string) {
		if len(got) > 65536 {
			t.Errorf("%d bytes do not fit into a comment", len(got))
		}
		source := []byte(got)
		document := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
		rows := 0
		err := ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if !entering {
				return ast.WalkContinue, nil
			}
			switch n := n.(type) {
			case *ast.Link, *ast.AutoLink, *ast.Image, *ast.FencedCodeBlock, *ast.CodeBlock:
				t.Errorf("a name made a %s", n.Kind())
			case *ast.RawHTML:
				if html := string(n.Segments.Value(source)); !harmlessHTML.MatchString(html) {
					t.Errorf("a name made HTML: %s", html)
				}
			case *extast.TableRow:
				rows++
				if n.ChildCount() != 4 {
					t.Errorf("a row has %d cells", n.ChildCount())
				}
			}
			return ast.WalkContinue, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if rows != 9 && !strings.Contains(got, "did not fit") {
			t.Errorf("%d rows, want 9", rows)
		}
	})
}

// FuzzHarmless looks for a name that gets through.
func FuzzHarmless(f *testing.F) {
	for _, name := range hostile() {
		if len(name) < 1000 {
			f.Add(name)
		}
	}
	f.Fuzz(func(t *testing.T, name string) {
		for _, format := range report.Formats() {
			got := written(t, format.Name, hostileReport(name), report.Options{Width: 80})
			assertHarmless(t, got)
			if format.Name != "github" {
				assertNoCommands(t, got)
			}
		}
	})
}
