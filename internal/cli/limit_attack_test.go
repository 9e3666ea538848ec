//go:build attack

package cli_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// processor returns the seconds that this process has computed, on all cores.
func processor(t *testing.T) float64 {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return float64(usage.Utime.Sec) + float64(usage.Utime.Usec)/1e6
}

// steep is a mixture, or for CLIP a pair of modalities, of K components whose means are about so long.
func steep(components int, length float64, paired bool) string {
	rng := rand.New(rand.NewPCG(uint64(components), uint64(length)))
	row := func() string {
		entries := make([]string, components)
		for i := range entries {
			entries[i] = fmt.Sprintf("%.6f", length/math.Sqrt(float64(components))*rng.NormFloat64())
		}
		return "[" + strings.Join(entries, ",") + "]"
	}
	side := func() string {
		rows := make([]string, components)
		for k := range rows {
			rows[k] = row()
		}
		return fmt.Sprintf(`"means": [%s], "covariance": "identity"`, strings.Join(rows, ","))
	}
	weights := make([]string, components)
	for k := range weights {
		weights[k] = fmt.Sprintf("%.6f", math.Exp(rng.NormFloat64()))
	}
	if paired {
		return fmt.Sprintf(`{"weights": [%s], "visual": {%s}, "text": {%s}}`, strings.Join(weights, ","), side(), side())
	}
	return fmt.Sprintf(`{"weights": [%s], %s}`, strings.Join(weights, ","), side())
}

// Without --limit no solve takes more than a minute on two cores, whatever is asked of it: these took several minutes.
func TestSolvesEndWithinAMinute(t *testing.T) {
	const most = 2 * 60 // seconds of two cores
	for _, c := range []struct {
		components int
		length     float64
		tolerance  string
		more       []string
	}{
		{12, 8, "1e-12", nil}, {18, 5, "1e-9", nil}, {18, 5, "1e-9", []string{"--blind"}}, {18, 10, "1e-9", nil}, {9, 4, "1e-13", nil},
		{32, 5, "1e-9", nil}, {64, 4, "1e-9", nil}, {12, 8, "1e-12", []string{"--rank", "3"}}, {18, 5, "1e-9", []string{"--loss", "clip"}},
		{18, 10, "1e-9", []string{"--loss", "clip", "--blind"}},
	} {
		name := fmt.Sprintf("K=%d,length=%v,tolerance=%s%v", c.components, c.length, c.tolerance, c.more)
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "steep.json")
			paired := strings.Contains(strings.Join(c.more, " "), "clip")
			if err := os.WriteFile(path, []byte(steep(c.components, c.length, paired)), 0o600); err != nil {
				t.Fatal(err)
			}
			before := processor(t)
			got := run(append([]string{"solve", path, "--tolerance", c.tolerance}, c.more...)...)
			took := processor(t) - before
			t.Logf("ended with %d after %.0f s of computing, at its limit: %v", got.code, took, strings.Contains(got.stdout, "--limit"))
			if got.code != 0 || took > most {
				t.Errorf("ended with %d after %.0f s and %q", got.code, took, got.stderr)
			}
		})
	}
}

// The planar block of a product that both methods were blind to needs more evaluations than are allowed; twice as many prove it.
func TestProveGoesOnWithALargerLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "planar.json")
	text := `{"weights": [1, 1, "1e-87"], "means": [["0.3", "1.05"], ["-0.3", "0.95"], [440, 800]], "covariance": "identity"}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := run("prove", path); got.code != 3 || !strings.Contains(got.stdout, "evaluations, more than the limit of 2e+06; --limit 2 allows this") {
		t.Errorf("ended with %d and %q", got.code, got.stdout)
	}
	if got := run("prove", path, "--limit", "2"); got.code != 0 || !strings.Contains(got.stdout, "proved: equality refuted") {
		t.Errorf("with --limit 2 it ended with %d and %q", got.code, got.stdout)
	}
}
