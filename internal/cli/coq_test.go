package cli_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"contrastcheck/internal/cli"
)

// The instances that formal/check compiles are those that recheck writes of the stored counterexamples of two components in the plane.
func TestCoqInstances(t *testing.T) {
	for instance, name := range map[string]string{"TwoPoints": "1-two-points", "TwoPointsApart": "2-two-points-apart", "TwoPointsOpposite": "3-two-points-opposite"} {
		certificate := "theorems/testdata/counterexamples/equality_" + name + ".json"
		var out, failure bytes.Buffer
		if code := cli.Run([]string{"recheck", "../../" + certificate, "--format", "coq"}, nil, &out, &failure); code != 0 {
			t.Fatalf("%s: exit code %d: %s", name, code, failure.String())
		}
		kept := "formal/instances/" + instance + ".v"
		want, err := os.ReadFile("../../" + kept)
		if err != nil || !bytes.Equal(out.Bytes(), want) {
			t.Errorf("%s is not what this writes: go run . recheck %s --format coq > %[1]s", kept, certificate)
		}
	}
}

// What has no form for the proof assistant is refused, with its reason.
func TestCoqRefuses(t *testing.T) {
	for input, reason := range map[string]string{
		`{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity"}`:                 "decided without a matrix",
		`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": [[2, 0], [0, 1]]}`:           "",
		`{"weights": [1, 1], "means": [[1, 0], [-1, 0]], "covariance": "identity"}`:                "that equality holds",
		`{"weights": [1, 3], "means": [[2, 0, 0], [0, 1, 0]], "covariance": "identity"}`:           "3 dimensions",
		`{"weights": [1, 1, 1], "means": [[-2, 4], [-1, -3], [-1, -1]], "covariance": "identity"}`: "3 components",
	} {
		var out, failure bytes.Buffer
		code := cli.Run([]string{"prove", "-", "--format", "coq"}, strings.NewReader(input), &out, &failure)
		if code != 2 || out.Len() > 0 || !strings.Contains(failure.String(), reason) {
			t.Errorf("%s: exit code %d, %q and %q, want %q", input, code, out.String(), failure.String(), reason)
		}
	}
}
