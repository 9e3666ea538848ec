package cli

import (
	"bytes"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/losses"
)

// What is foreseen is within a factor of 2 of what was measured, in seconds of CPU time, and --tolerance is named unless it was given.
func TestForeseenSeconds(t *testing.T) {
	t.Parallel()
	for _, measured := range []struct {
		components int
		seconds    float64
	}{{16, 0.41}, {16, 0.23}, {32, 0.72}, {32, 0.84}, {64, 8.44}, {100, 23.7}} {
		if got := foreseenSeconds(measured.components); got > 2*measured.seconds || 2*got < measured.seconds {
			t.Errorf("%d components: foreseen %.3g s, measured %.3g", measured.components, got, measured.seconds)
		}
	}
	if text := foreseen(100, 2, true); !strings.Contains(text, "100 classes take about 10 s on 2 cores") || !strings.HasSuffix(text, "and so does --tolerance 1e-3") {
		t.Error(text)
	}
	if text := foreseen(100, 2, false); strings.Contains(text, "--tolerance") {
		t.Error(text)
	}
}

// A stream that is no terminal is left alone.
func TestForeseenOnATerminalOnly(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	new(solveCommand).foretell(&session{commands: new(commands), stderr: &out}, losses.InfoNCE, gmm.Pairs{}, losses.Options{})
	if out.Len() > 0 {
		t.Errorf("%q", &out)
	}
}
