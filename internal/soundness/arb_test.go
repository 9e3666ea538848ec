package soundness

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The second checker's exit codes.
const (
	arbAccepts  = 0
	arbRefuses  = 1
	arbUnusable = 2
	arbUnserved = 4
)

// secondChecker is the program of checkers/arb.
type secondChecker struct{ program, folder string }

// newSecondChecker compiles it, or skips the test where its libraries are not.
func newSecondChecker(t *testing.T) secondChecker {
	t.Helper()
	_, err := exec.LookPath("gcc")
	present := func(paths ...string) bool {
		return slices.ContainsFunc(paths, func(path string) bool { _, err := os.Stat("/usr/include/" + path); return err == nil })
	}
	if err != nil || !present("arb.h", "flint/arb.h") || !present("jansson.h") {
		t.Skip("no gcc, FLINT with Arb, or Jansson: the second checker is not built (apt-get install gcc libflint-dev libflint-arb-dev libjansson-dev)")
	}
	folder := t.TempDir()
	c := secondChecker{filepath.Join(folder, "arbcheck"), folder}
	build := exec.Command(filepath.Join(root, "checkers", "arb", "build"), c.program)
	build.Env = append(os.Environ(), "CFLAGS=-O0")
	if said, err := build.CombinedOutput(); err != nil || len(said) > 0 {
		t.Fatalf("checkers/arb/build: %v\n%s", err, said)
	}
	return c
}

// check runs it on a certificate's text.
func (c secondChecker) check(t *testing.T, text string, flags ...string) (code int, said string) {
	t.Helper()
	command := exec.Command(c.program, append(flags, "-")...)
	command.Stdin = strings.NewReader(text)
	out, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), strings.TrimSpace(string(out))
}

// against writes a mixture file for --against.
func (c secondChecker) against(t *testing.T, text string) string {
	t.Helper()
	file, err := os.CreateTemp(c.folder, "own-*.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteString(text); err != nil {
		t.Fatal(err)
	}
	return file.Name()
}

// storedCertificates are the texts of those of the repository.
func storedCertificates(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"theorems/testdata/counterexamples/*.json", "oracle/proof/testdata/losses/*.json"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(text, []byte(`"certificate"`)) {
				texts[filepath.Base(path)] = string(text)
			}
		}
	}
	return texts
}

// resealed writes the digest of a certificate's text into it, whatever became of the rest.
func resealed(text string) string {
	const key, seal = `,"certificate":`, `"sha256":"`
	at, end := strings.Index(text, key), strings.LastIndex(text, seal)
	if at < 0 || end < 0 {
		return text
	}
	object := text[at+len(key):end+len(seal)] + `"}`
	sum := sha256.Sum256([]byte(text[:at] + "}\n" + object))
	return text[:end+len(seal)] + hex.EncodeToString(sum[:]) + "\"}}\n"
}

// The second checker accepts certificates that the first one does, and refuses them with a digit changed, or another mixture.
func TestSecondChecker(t *testing.T) {
	c := newSecondChecker(t)
	texts := storedCertificates(t)
	for _, name := range []string{"equality_1-two-points.json", "dv-two.json", "sign-network-unbiased_1-three-to-one.json", "containment-own-covariance_1-tilted.json", "equality-centred_1-rare-outlier.json"} {
		text := texts[name]
		if code, said := c.check(t, text, "--against", c.against(t, text)); code != arbAccepts || !strings.Contains(said, "accepted: ") {
			t.Errorf("%s: exit code %d, %s", name, code, said)
		}
		damaged := strings.Replace(text, `"certificate":{`, `"certificate":{ `, 1)
		damaged = strings.Replace(damaged, `"verdict":"refuted"`, `"verdict":"holds"`, 1)
		if code, said := c.check(t, damaged); code != arbRefuses || !strings.Contains(said, "digest") {
			t.Errorf("%s, damaged: exit code %d, %s", name, code, said)
		}
		if code, said := c.check(t, resealed(damaged)); code != arbRefuses {
			t.Errorf("%s, damaged and sealed anew: exit code %d, %s", name, code, said)
		}
	}
	other := c.against(t, texts["dv-two.json"])
	if code, said := c.check(t, texts["equality-centred_1-rare-outlier.json"], "--against", other); code != arbRefuses || !strings.Contains(said, "another mixture") {
		t.Errorf("against another mixture: exit code %d, %s", code, said)
	}
	if code, said := c.check(t, "{}"); code != arbUnusable {
		t.Errorf("no certificate: exit code %d, %s", code, said)
	}
	box := `{"weights":["1","3"],"means":[["2","0"],["0","1"]],"covariance":"identity","delta":"1","certificate":{"verdict":"holds","box":[],"sha256":""}}`
	if code, said := c.check(t, box, "--unsealed"); code != arbUnserved || !strings.Contains(said, "boxes") {
		t.Errorf("a box: exit code %d, %s", code, said)
	}
}

// What the second checker must not take: keys that may be slips, words of a loss that it has none of, and whole numbers of any length.
func TestSecondCheckerReadsStrictly(t *testing.T) {
	c := newSecondChecker(t)
	texts := storedCertificates(t)
	points, biased := texts["equality_1-two-points.json"], texts["sigmoid-two.json"]
	for name, attempt := range map[string]struct {
		text     string
		old, new string
		want     int
	}{
		"an unknown key":        {points, `"weights"`, `"Weights":["1","1"],"weights"`, arbUnusable},
		"a bias that is called": {strings.ReplaceAll(biased, "free bias", "bias f"), `"bias":"free"`, `"bias":"f"`, arbUnusable},
		"negatives in words":    {strings.ReplaceAll(biased, "weight 1,", "weight 1/1,"), `"negatives":"1"`, `"negatives":"1/1"`, arbRefuses},
		"large whole numbers":   {points, `["1","3"]`, `[10000000000000000000000,30000000000000000000000]`, arbAccepts},
	} {
		changed := strings.Replace(attempt.text, attempt.old, attempt.new, 1)
		if changed == attempt.text {
			t.Fatalf("%s: nothing to change in %s", name, attempt.text)
		}
		if code, said := c.check(t, changed, "--unsealed"); code != attempt.want {
			t.Errorf("%s: exit code %d, want %d: %s", name, code, attempt.want, said)
		}
	}
}
