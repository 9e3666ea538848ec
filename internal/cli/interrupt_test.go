package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// An interrupted hunt ends as its budget would: what it has kept is whole, the rest is
// found missing by its exit code.
func TestInterruptedSearchKeepsWhatItFound(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		folder := t.TempDir()
		command := exec.Command(program(t), "search", "equality", "--budget", "10m", "--out", folder)
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		for range 1000 { // until something is kept
			if kept, _ := filepath.Glob(filepath.Join(folder, "*.json")); len(kept) > 0 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if err := command.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if err := command.Wait(); err != nil {
			t.Errorf("%v: a hunt that found something ends with %v", signal, err)
		}
		kept, _ := filepath.Glob(filepath.Join(folder, "*"))
		hidden, _ := filepath.Glob(filepath.Join(folder, ".*"))
		if len(kept) == 0 || len(hidden) > 0 {
			t.Errorf("%v: the folder holds %v and %v", signal, kept, hidden)
		}
		for _, path := range kept {
			if err := exec.Command(program(t), "solve", path).Run(); err != nil {
				t.Errorf("%v: %s: %v", signal, path, err)
			}
		}
	}
}

// program is the command that testscript.Main has put into the PATH.
func program(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("contrastcheck")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// An interrupted report is written with what was done until then.
func TestInterruptedReportIsWritten(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "report")
	command := exec.Command(program(t), "report", "--out", folder)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	for range 1000 { // until the work begins
		if _, err := os.Stat(folder); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(500 * time.Millisecond)
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	if code := command.ProcessState.ExitCode(); code != 3 {
		t.Errorf("exit code %d, want 3", code)
	}
	text, err := os.ReadFile(filepath.Join(folder, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `"complete": false`) {
		t.Error("report.json does not say that it is incomplete")
	}
	for _, name := range []string{"index.html", "report.md"} {
		if text, err := os.ReadFile(filepath.Join(folder, name)); err != nil || !strings.Contains(string(text), "is incomplete") {
			t.Errorf("%s: %v, or it does not say that it is incomplete", name, err)
		}
	}
}
