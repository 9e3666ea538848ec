package explore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"contrastcheck/explore"
	"contrastcheck/internal/cli"
)

// ask asks, and returns the answer and its pieces.
func ask(t testing.TB, kind, body string) (answer []byte, pieces [][]byte, err error) {
	t.Helper()
	answer, err = explore.Ask(context.Background(), kind, []byte(body), func(line []byte) { pieces = append(pieces, bytes.Clone(line)) })
	return answer, pieces, err
}

func answered(t testing.TB, kind, body string, into any) [][]byte {
	t.Helper()
	text, pieces, err := ask(t, kind, body)
	if err != nil {
		t.Fatalf("%s of %s: %v", kind, body, err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%s answers %s: %v", kind, text, err)
	}
	return pieces
}

var took = regexp.MustCompile(`"seconds":[0-9.e-]+`)

// command runs the command line on standard input, and returns its output, or its sentence.
func command(t testing.TB, stdin string, args ...string) (stdout, sentence string) {
	t.Helper()
	var out, errs bytes.Buffer
	cli.Run(args, strings.NewReader(stdin), &out, &errs)
	return out.String(), strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(errs.String()), "contrastcheck: "), "standard input: ")
}

const rare = `"weights": [1, 6, 20], "means": [["3", "1.5"], ["1.5", "-0.5"], ["-0.6", "0.1"]], "covariance": "identity"`

// The answers are those of the command line, to the byte but for the time that they took.
func TestAsTheCommandLine(t *testing.T) {
	t.Parallel()
	for mixture, questions := range map[string][][]string{
		`{` + rare + `}`: {{}, {"loss", "sigmoid", "negatives", "4"}, {"map", "affine"}, {"score", "distance"}, {"score", "cosine"}, {"loss", "nonsense"}, {"negatives", "x"}},
		`{"name": "own", "weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": [[[1, 0], [0, 1]], [[2, "1/2"], ["1/2", 1]]]}`: {{}, {"loss", "spectral"}},
	} {
		for _, options := range questions {
			flags := []string{"solve", "-", "--format", "json"}
			given := map[string]string{}
			for i := 0; i < len(options); i += 2 {
				flags = append(flags, "--"+options[i], options[i+1])
				given[options[i]] = options[i+1]
			}
			text, err := json.Marshal(given)
			if err != nil {
				t.Fatal(err)
			}
			body := mixture[:1] + `"options": ` + string(text) + ", " + mixture[1:]
			want, sentence := command(t, mixture, flags...)
			got, _, err := ask(t, explore.Answer, body)
			if err != nil {
				if err.Error() != sentence {
					t.Errorf("%s: refused with %q, by the command line with %q", body, err, sentence)
				}
				continue
			}
			if took.ReplaceAllString(string(got), "") != took.ReplaceAllString(want, "") {
				t.Errorf("%s: answered\n%s\nby the command line\n%s%s", body, got, want, sentence)
			}
		}
	}
	got, _, err := ask(t, explore.Losses, `{`+rare+`}`)
	if want, _ := command(t, `{`+rare+`}`, "losses", "-", "--format", "json"); err != nil || string(got) != want {
		t.Errorf("losses: %v\n%s\nby the command line\n%s", err, got, want)
	}
}

// What is wrong is refused in the command line's words, wherever the options stand.
func TestRefused(t *testing.T) {
	t.Parallel()
	many := strings.TrimSuffix(strings.Repeat("1, ", 10000), ", ")
	for body, want := range map[string]string{
		``:                        "expected a JSON object, found an empty file",
		`[]`:                      "expected a JSON object, found a list",
		`{"options": {}, "q": 1}`: "q: expected one of the keys weights, means, covariance, delta, name, a, b, net, net_visual, net_text, found an unknown key",
		`{` + rare + `, "options": {"loss": "infonc"}}`:                      "--loss: expected one of infonce, clip, sigmoid, triplet, hinge, dv, agreement, spectral, found \"infonc\"; did you mean infonce?",
		`{` + rare + `, "options": {}, "options": {}}`:                       "options: expected each key once, found a duplicate",
		`{` + rare + `, "options": {"lose": 1}}`:                             `options: expected an object with some of the keys "loss", "score", "negatives", "map", "bias", "margin", "temperature", found {"lose": 1}`,
		`{` + rare + `} {}`:                                                  "expected nothing after the closing brace, found trailing data",
		`{"weights": [` + many + `], "means": [[1]]}`:                        "weights: expected at most 32 components on this page, as contrastcheck solve takes more, found 10000",
		`{"weights": [1], "means": [[` + many + `]]}`:                        "means: expected at most 32 coordinates on this page, as contrastcheck solve takes more, found 10000",
		`{"weights": [0, 1], "means": [[1], [2]], "covariance": "identity"}`: "weights[0]: expected a positive number, found 0",
	} {
		_, _, err := ask(t, explore.Answer, body)
		var refusal *explore.Refusal
		if !errors.As(err, &refusal) || err.Error() != want {
			t.Errorf("%.200s: refused with\n%v, expected\n%s", body, err, want)
		}
	}
	if _, _, err := ask(t, "everything", "{}"); err == nil || !strings.HasPrefix(err.Error(), "expected a question of one of the kinds answer, gallery, hunt") {
		t.Errorf("another kind: %v", err)
	}
}

type cell struct {
	Verdict, Grade, Reason string
	Margin                 *float64
}

// Every cell of a map is what solve says of its mixture, none is filled in, and each comes once.
func TestMap(t *testing.T) {
	t.Parallel()
	const steps = 7
	cells := map[[2]int]cell{}
	var end struct{ Done bool }
	pieces := answered(t, explore.Map, `{"mixture": {"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}, "options": {"loss": "infonce"}, "x": {"parameter": "means[1][0]", "from": -1, "to": "2", "steps": 7}, "y": {"parameter": "weights[0]", "from": "1/4", "to": 3, "steps": 7}}`, &end)
	for _, piece := range pieces {
		var r struct {
			Row   int
			Cells []*cell
		}
		if err := json.Unmarshal(piece, &r); err != nil || len(r.Cells) != steps {
			t.Fatalf("%s: %v", piece, err)
		}
		for i, c := range r.Cells {
			if c == nil {
				continue
			}
			if _, twice := cells[[2]int{i, r.Row}]; twice {
				t.Errorf("cell %d of row %d comes twice", i, r.Row)
			}
			cells[[2]int{i, r.Row}] = *c
		}
	}
	if !end.Done || len(cells) != steps*steps {
		t.Fatalf("%d cells of %d, done: %v", len(cells), steps*steps, end.Done)
	}
	verdicts := map[string]bool{}
	for at, c := range cells {
		mixture := fmt.Sprintf(`{"weights": ["%d/24", 3], "means": [[2, 0], ["%d/2", 1]], "covariance": "identity"}`, 6+11*at[1], at[0]-2)
		var s struct {
			Equality struct {
				Verdict string
				Margin  float64
			}
		}
		answered(t, explore.Answer, mixture, &s)
		verdicts[c.Verdict] = true
		if s.Equality.Verdict != c.Verdict || c.Margin == nil || abs(*c.Margin-s.Equality.Margin) > 1e-9 {
			t.Errorf("%v: the map says %+v, solve %+v of %s", at, c, s, mixture)
		}
	}
	if !verdicts["holds"] || !verdicts["refuted"] {
		t.Errorf("the map has the verdicts %v only", verdicts)
	}
	for body, want := range map[string]string{
		`{"mixture": {` + rare + `}, "x": {"parameter": "means[0][2]", "from": 0, "to": 1, "steps": 5}, "y": {"parameter": "delta", "from": 0, "to": 1, "steps": 5}}`:    "x.parameter: expected delta, weights[k], means[k][i] or covariance[i][j], indices from 0, of a mixture of 3 components in 2 dimensions, found means[0][2]",
		`{"mixture": {` + rare + `}, "x": {"parameter": "delta", "from": 0, "to": 1, "steps": 5}, "y": {"parameter": "delta", "from": 0, "to": 1, "steps": 5}}`:          "y.parameter: expected another than that of x, found delta",
		`{"mixture": {` + rare + `}, "x": {"parameter": "delta", "from": 0, "to": 1, "steps": 500}, "y": {"parameter": "delta", "from": 0, "to": 1, "steps": 5}}`:        "x.steps: expected a number from 2 to 100, found 500",
		`{"mixture": {` + rare + `}, "x": {"parameter": "delta", "from": "one", "to": 1, "steps": 5}, "y": {"parameter": "weights[0]", "from": 0, "to": 1, "steps": 5}}`: "x.from: expected a decimal or a fraction, found one",
	} {
		if _, _, err := ask(t, explore.Map, body); err == nil || err.Error() != want {
			t.Errorf("%s: refused with\n%v, expected\n%s", body, err, want)
		}
	}
}

func abs(x float64) float64 { return max(x, -x) }

type finding struct {
	Mixture  json.RawMessage
	Sentence string
	Tried    int
}

// A hunt ends with a counterexample, of short numbers, near a mixture that is none; and making it simpler keeps its verdict.
func TestHuntAndSimplify(t *testing.T) {
	t.Parallel()
	equality := func(mixture string) (verdict string) {
		var s struct{ Equality struct{ Verdict string } }
		answered(t, explore.Answer, mixture, &s)
		return s.Equality.Verdict
	}
	for _, mixture := range []string{
		`{"weights": [1, 6, 20], "means": [[3, "0.9"], ["1.5", "-0.5"], ["-0.6", "0.1"]], "covariance": "identity"}`,
		`{"weights": [1, 11, 420], "means": [[14, 11], [8, 3], ["-17/70", "-11/105"]], "covariance": "identity"}`, // centred
	} {
		if v := equality(mixture); v != "holds" {
			t.Fatalf("%s: equality %s", mixture, v)
		}
		var f finding
		answered(t, explore.Hunt, mixture, &f)
		if f.Mixture == nil {
			t.Errorf("near %s: %s", mixture, f.Sentence)
			continue
		}
		if v := equality(string(f.Mixture)); v != "refuted" {
			t.Errorf("the hunt near %s ends with %s, of which equality %s", mixture, f.Mixture, v)
		}
		var s finding
		answered(t, explore.Simplify, string(f.Mixture), &s)
		if s.Mixture != nil && (equality(string(s.Mixture)) != "refuted" || len(s.Mixture) > len(f.Mixture)) {
			t.Errorf("%s is made simple as %s, of which equality %s", f.Mixture, s.Mixture, equality(string(s.Mixture)))
		}
	}
	var f finding
	answered(t, explore.Hunt, `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`, &f)
	if f.Mixture != nil || f.Sentence != "the mixture is a counterexample itself" {
		t.Errorf("a counterexample itself: %+v", f)
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if _, err := explore.Ask(ended, explore.Hunt, []byte(`{`+rare+`}`), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A proof has a certificate, which is accepted as it is and refused where it is changed.
func TestProveAndRecheck(t *testing.T) {
	t.Parallel()
	var p struct {
		Text, Verdict string
		Certificate   json.RawMessage
	}
	answered(t, explore.Prove, `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`, &p)
	if p.Text != "proved: equality refuted" || p.Certificate == nil {
		t.Fatalf("found %+v", p)
	}
	answered(t, explore.Recheck, string(p.Certificate), &p)
	if p.Text != "proved: equality refuted" {
		t.Errorf("rechecked: %+v", p)
	}
	changed := strings.Replace(string(p.Certificate), "refuted", "holds", 1)
	if _, _, err := ask(t, explore.Recheck, changed); err == nil || !strings.Contains(err.Error(), "expected the digest") {
		t.Errorf("a changed certificate: %v", err)
	}
	var l struct{ LaTeX string }
	answered(t, explore.LaTeX, `{`+rare+`}`, &l)
	if !strings.HasPrefix(l.LaTeX, `Let $F = `) {
		t.Errorf("LaTeX %q", l.LaTeX)
	}
}
