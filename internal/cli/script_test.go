package cli_test

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"contrastcheck/internal/cli"
	"contrastcheck/internal/enough"
	"contrastcheck/theorems"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	enough.Checks(30) // each solves twice, and computes in rationals
	testscript.Main(m, map[string]func(){
		"contrastcheck": func() { os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs testdata/*.txtar: command lines with their exit codes, output
// and errors. The project's own data are in $DATA; $CLAIMS is the number of claims.
func TestScripts(t *testing.T) {
	t.Parallel()
	data, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PYTHON", python())
			env.Setenv("DATA", data+"/../../testdata")
			env.Setenv("CLAIMS", strconv.Itoa(len(theorems.All())))
			return nil
		},
		Cmds:      map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
		Condition: condition,
	})
}

// exits CODE ARGS… runs contrastcheck, which must end with the code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	var code *exec.ExitError
	err := ts.Exec("contrastcheck", args[1:]...)
	if !errors.As(err, &code) || strconv.Itoa(code.ExitCode()) != args[0] {
		ts.Fatalf("expected exit code %s, found %v", args[0], err)
	}
}
