package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"contrastcheck/internal/cli"
)

// ended is how a command line ended.
type ended struct {
	code           int
	stdout, stderr string
}

// run runs contrastcheck.
func run(args ...string) ended {
	var stdout, stderr bytes.Buffer
	code := cli.Run(args, strings.NewReader(""), &stdout, &stderr)
	return ended{code, stdout.String(), stderr.String()}
}

// repeated is a JSON list of n times the same text.
func repeated(text string, n int) string {
	return "[" + strings.TrimSuffix(strings.Repeat(text+",", n), ",") + "]"
}

// Files that ask for more than a minute or 4 GB are refused before the work, by one line that names the file, the
// cost, the limit and how to raise it.
func TestLargeInputsAreRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("large files are read")
	}
	t.Parallel()
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	mixture := func(name string, components int, mean, covariance, more string) string {
		return write(name, fmt.Sprintf(`{"weights": %s, "means": %s, "covariance": %s%s}`, repeated("1", components), repeated(mean, components), covariance, more))
	}
	long := mixture("long.json", 1, repeated("1", 100_000), `"identity"`, "")
	own := mixture("own.json", 1000, repeated("1", 300), repeated(`"identity"`, 1000), "")
	many := mixture("many.json", 20_000, "[1, 2]", `"identity"`, `, "a": [[1, 0], [0, 1]]`)
	columns := mixture("columns.json", 2, "[1, 2]", `"identity"`, fmt.Sprintf(`, "a": %s`, repeated(repeated("1", 20_000), 2)))
	square := mixture("square.json", 600, repeated("-17", 599), `"identity"`, "")
	wide := write("wide.json", fmt.Sprintf(`{"weights": [1, 2], "means": [[1%[1]s], [2%[1]s]], "covariance": "identity"}`, strings.Repeat(", 0", 1499)))
	two := mixture("two.json", 2, "[1, 2]", `"identity"`, "")
	table := write("samples.csv", "x,y,label\n"+strings.Repeat("1,2,a\n2,1,b\n2,3,a\n", 50_000))
	for _, c := range []struct {
		args []string
		file string
		cost string
	}{
		{[]string{"solve", long}, long, "100000×100000 covariance: about 28 hours and 1.5 TB"},
		{[]string{"prove", long}, long, "100000×100000 covariance"},
		{[]string{"compare", long}, long, "100000×100000 covariance"},
		{[]string{"frontier", "--family", long, "--axis", "delta=0:1:2"}, long, "100000×100000 covariance"},
		{[]string{"recheck", long}, long, "100000×100000 covariance"},
		{[]string{"loss", long}, long, "100000×100000 covariance"},
		{[]string{"solve", own}, own, "1001 covariances of 300×300"},
		{[]string{"solve", "--loss", "spectral", own}, own, "1001 covariances of 300×300"},
		{[]string{"solve", "--loss", "spectral", square}, square, "the rank of 600 means in 599 dimensions"},
		{[]string{"solve", "--blind", wide}, wide, "a solve in all 1500 dimensions"},
		{[]string{"solve", "--blind", "--loss", "spectral", wide}, wide, "a solve in all 1500 dimensions"},
		{[]string{"loss", many}, many, "the inner products of 20000 means"},
		{[]string{"loss", "--enclose", "--limit", "5", many}, many, "evaluations, more than the limit of 1e+07"},
		{[]string{"loss", columns}, columns, "2 components and a representation of 20000 columns"},
		{[]string{"compare", "--data", table, "--label", "label"}, table, "100000 and 50000 samples, 10 times"},
		{[]string{"compare", "--samples", "100000", two}, two, "100000 and 100000 samples, 10 times"},
	} {
		got := run(c.args...)
		if got.code != 2 || !strings.Contains(got.stderr, c.file+": ") || !strings.Contains(got.stderr, c.cost) ||
			!strings.Contains(got.stderr, "--limit ") || strings.Count(got.stderr, "\n") != 1 {
			t.Errorf("%q ended with %d and %q, want 2 and a line of %q", c.args, got.code, got.stderr, c.cost)
		}
	}
}

// A limit is a positive number, and multiplies what is allowed: what is refused with a small one is done with 1.
func TestLimitMultiplies(t *testing.T) {
	for _, bad := range []string{"0", "-1", "NaN", "Inf", "1e7", "many"} {
		if got := run("solve", "../../testdata/two-points.json", "--limit", bad); got.code != 2 || !strings.Contains(got.stderr, "--limit") {
			t.Errorf("--limit %s ended with %d and %q", bad, got.code, got.stderr)
		}
	}
	const small = "1e-9"
	file := "../../testdata/two-points.json"
	for _, args := range [][]string{{"solve", file}, {"prove", file}, {"compare", file, "--seeds", "1", "--samples", "20"}} {
		if got := run(append(args, "--limit", small)...); got.code != 2 || !strings.Contains(got.stderr, "--limit ") {
			t.Errorf("%q with --limit %s ended with %d and %q", args, small, got.code, got.stderr)
		}
		if got := run(append(args, "--limit", "1")...); got.code != 0 {
			t.Errorf("%q with --limit 1 ended with %d and %q", args, got.code, got.stderr)
		}
	}
}

// Where a proof would take more evaluations than the limit it says how many, and which limit would do.
func TestProveSaysTheCost(t *testing.T) {
	got := run("prove", "../../testdata/two-points.json", "--limit", "1e-5")
	if got.code != 3 || !strings.Contains(got.stdout, "evaluations, more than the limit of 20; --limit 1 allows this") {
		t.Errorf("ended with %d and %q", got.code, got.stdout)
	}
}

// A solve that spends its budget ends with what it has: bounds that are honest, and words that name --limit.
func TestSolveEndsAtTheLimit(t *testing.T) {
	var weights, means []string
	for k := range 9 {
		weights = append(weights, fmt.Sprint(1+k%3))
		mean := make([]string, 8)
		for i := range mean {
			mean[i] = fmt.Sprint((k*k*k*(i+3)+(k+1)*(i*i+1))%7 - 3)
		}
		means = append(means, "["+strings.Join(mean, ",")+"]")
	}
	path := filepath.Join(t.TempDir(), "nine.json")
	text := fmt.Sprintf(`{"weights": [%s], "means": [%s], "covariance": "identity"}`, strings.Join(weights, ","), strings.Join(means, ","))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got := run("solve", path, "--limit", "1e-4", "--tolerance", "1e-7")
	if got.code != 0 || !strings.Contains(got.stdout, "the limit on the work of a solve ended it: --limit N allows N times as much") {
		t.Errorf("ended with %d, %q and %q", got.code, got.stdout, got.stderr)
	}
	if got := run("solve", path, "--tolerance", "1e-4"); got.code != 0 || strings.Contains(got.stdout, "--limit") {
		t.Errorf("without a limit it ended with %d, %q and %q", got.code, got.stdout, got.stderr)
	}
}
