package cli

import (
	"slices"
	"strings"
	"testing"
)

// A negative number after a flag is its value; what else begins with a minus stays a flag, and what follows -- an argument.
func TestNegativeNumbers(t *testing.T) {
	for args, want := range map[string]string{
		"solve --bias -1 f":        "solve --bias=-1 f",
		"solve --bias -.5e3":       "solve --bias=-.5e3",
		"solve --bias=-1 -2":       "solve --bias=-1 -2",
		"solve --data --label x":   "solve --data --label x",
		"solve --blind -h --bias":  "solve --blind -h --bias",
		"solve --data - --label x": "solve --data - --label x",
		"solve -- --bias -1":       "solve -- --bias -1",
	} {
		if got := joined(strings.Fields(args)); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%s is read as %v, want %s", args, got, want)
		}
	}
}
