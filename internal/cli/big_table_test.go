package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"contrastcheck/internal/cli"
)

// A big table is fitted in float64, which is told with a bound; with --exact, and by prove, it is not.
func TestBigTableIsTold(t *testing.T) {
	t.Parallel()
	const rows, columns = 600, 260
	var text strings.Builder
	for c := range columns {
		fmt.Fprintf(&text, "x%d\t", c)
	}
	text.WriteString("class\n")
	rng := rand.New(rand.NewPCG(21, 0))
	for i := range rows {
		for c := range columns {
			x := rng.NormFloat64()
			if c == 0 {
				x += float64(4 * (i % 2))
			}
			fmt.Fprintf(&text, "%.4f\t", x)
		}
		fmt.Fprintf(&text, "k%d\n", i%2)
	}
	path := filepath.Join(t.TempDir(), "big.tsv")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(more ...string) (stdout, stderr string) {
		var out, notes bytes.Buffer
		if code := cli.Run(append([]string{"solve", "--data", path, "--label", "class", "--centre"}, more...), nil, &out, &notes); code != 0 {
			t.Fatalf("%v: exit code %d: %s", more, code, &notes)
		}
		return out.String(), notes.String()
	}
	stdout, stderr := run()
	if !strings.Contains(stdout, "HOLDS") || !strings.Contains(stderr, "big.tsv: a big table, fitted in float64, which moves variances by less than ") || !strings.Contains(stderr, "--exact") {
		t.Errorf("%s%s", stdout, stderr)
	}
	var r struct {
		Data struct {
			Rounding float64 `json:"rounding"`
		} `json:"data"`
	}
	stdout, _ = run("--format", "json")
	if err := json.Unmarshal([]byte(stdout), &r); err != nil || !(0 < r.Data.Rounding && r.Data.Rounding < 1e-8) {
		t.Errorf("rounding %v, %v", r.Data.Rounding, err)
	}
	if testing.Short() {
		return
	}
	if stdout, stderr = run("--exact"); !strings.Contains(stdout, "HOLDS") || stderr != "" {
		t.Errorf("%s%s", stdout, stderr)
	}
}
