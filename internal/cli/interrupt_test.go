package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A command ends within 2 s of a signal. The limit here tells that from going on: it leaves time
// to machines that are busy with other things.
const endsWithin = 15 * time.Second

// interrupted is a command line whose work takes much longer than the test waits for it.
type interrupted struct {
	name string
	args string // {in} is the folder of inputs, {out} a folder of the run's own
	// begin prepares the run's folder; nil is nothing.
	begin func(out string) error
	// stdin is written to standard input, which then stays open. stalled says that nobody reads
	// standard output.
	stdin   string
	stalled bool
	// ready tells that the signal may come; nil waits until the work is under way.
	ready func(out string) bool
	code  int
	// check looks at what is kept; nil asks for no output and one line that says interrupted.
	check func(out, stdout, stderr string) error
}

var interruptions = []interrupted{
	{name: "solve", args: "solve {in}/many.json --blind", code: 3},
	{name: "solve, a file that does not end", args: "solve -", stdin: `{"weights": [` + strings.Repeat("1, ", 50_000), code: 3},
	{name: "solve, a table that does not end", args: "solve --data - --label l", stdin: "x,l\n" + strings.Repeat("1,a\n", 50_000), code: 3},
	{name: "solve, a big table", args: "solve --data {in}/big.csv --label l", code: 3, check: both("", "interrupted")},
	{name: "solve --bootstrap", args: "solve --data ../../testdata/iris.csv --label species --bootstrap 1000000 --limit 10000", code: 3, check: partly("iris")},
	{name: "loss", args: "loss {in}/many.json", code: 3},
	{name: "check", args: "check {in}/many.json", code: 3, check: partly("CLAIM")},
	{name: "claims, nobody reads", args: "claims", stalled: true, ready: later, code: 3},
	{name: "verify", args: "verify --cases 1000000", code: 3, check: partly("CLAIM")},
	{name: "search", args: "search equality --budget 10m --out {out}/corpus/", ready: found, code: 0, check: solvable},
	{name: "search, a number", args: "search equality --evaluations 1000000000 --out {out}/corpus/", ready: found, code: 0, check: solvable},
	{name: "search, nothing", args: "search equality-centred --components 2 --budget 10m", code: 3,
		check: both("", "no counterexample found")},
	{name: "frontier", args: "frontier --family {in}/tie.json --axis delta=0:1:40 --axis separation=1:9:40 --format csv", code: 3, check: partly("delta,separation,verdict")},
	{name: "frontier --out", args: "frontier --family {in}/tie.json --axis delta=0:1:40 --axis separation=1:9:40 --format csv --out {out}/grid.csv",
		begin: func(out string) error {
			return os.WriteFile(filepath.Join(out, "grid.csv"), []byte("earlier"), 0o644)
		}, code: 3, check: keptBeside},
	{name: "prove", args: "prove {in}/tie.json", code: 3, check: both("not proved", "not proved")},
	{name: "recheck", args: "recheck {in}/long.json", code: 3},
	{name: "compare", args: "compare {in}/planar.json --seeds 1000000 --samples 50 --limit 100", code: 3, check: partly("PROJECTION")},
	{name: "compare, a big table", args: "compare --data {in}/big.csv --label l --seeds 1", code: 3, check: both("", "interrupted")},
	{name: "explore", args: "explore", ready: later, code: 0, check: both("http://127.0.0.1:", "")},
	{name: "report", args: "report --out {out}/report", code: 3, check: incomplete},
	{name: "report of a mixture", args: "report {in}/tie.json --out {out}/report", code: 3, check: incomplete},
}

func TestSignalsEndEveryCommand(t *testing.T) {
	t.Parallel()
	in := t.TempDir()
	longInputs(t, in)
	t.Run("table", func(t *testing.T) {
		for _, c := range interruptions {
			for i, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
				if i > 0 && c.name != interruptions[0].name {
					continue // both signals take the same way
				}
				t.Run(fmt.Sprintf("%s, %v", c.name, signal), func(t *testing.T) {
					t.Parallel()
					c.run(t, in, signal)
				})
			}
		}
	})
}

func (c interrupted) run(t *testing.T, in string, signal os.Signal) {
	out := t.TempDir()
	if c.begin != nil {
		if err := c.begin(out); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	command := exec.CommandContext(ctx, program(t), strings.Fields(strings.NewReplacer("{in}", in, "{out}", out).Replace(c.args))...)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if c.stalled {
		command.Stdout = fullPipe(t)
	}
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(stdin, c.stdin); err != nil { // more than a pipe holds: it is being read
		t.Fatal(err)
	}
	switch {
	case c.ready != nil:
		for !c.ready(out) && ctx.Err() == nil {
			time.Sleep(10 * time.Millisecond)
		}
	case c.stdin == "":
		untilBusy(ctx, command.Process.Pid)
	}
	sent := time.Now()
	if err := command.Process.Signal(signal); err != nil {
		t.Fatalf("ended before the signal: %v, %s", err, stderr.String())
	}
	_ = command.Wait()
	if took := time.Since(sent); took > endsWithin {
		t.Errorf("ended %v after the signal", took)
	}
	if code := command.ProcessState.ExitCode(); code != c.code {
		t.Errorf("exit code %d, want %d: %s", code, c.code, stderr.String())
	}
	check := c.check
	if check == nil {
		check = both("", "contrastcheck: interrupted")
	}
	if err := check(out, stdout.String(), stderr.String()); err != nil {
		t.Error(err)
	}
	_ = filepath.WalkDir(out, func(path string, entry fs.DirEntry, err error) error {
		if strings.HasPrefix(entry.Name(), ".") {
			t.Errorf("%s is left behind", path)
		}
		return err
	})
}

// both asks for a beginning of standard output, "" being for none at all, and words in the line
// on standard error.
func both(stdout, stderr string) func(_, _, _ string) error {
	return func(_, printed, said string) error {
		if !strings.HasPrefix(printed, stdout) || (stdout == "") != (printed == "") || !strings.Contains(said, stderr) {
			return fmt.Errorf("prints %.200q and %q, want %q and %q", printed, said, stdout, stderr)
		}
		return nil
	}
}

// partly asks for output that contains words, and a line that says that it is not all.
func partly(words string) func(_, _, _ string) error {
	return func(_, stdout, stderr string) error {
		const line = "contrastcheck: interrupted; the output shows what was done until then\n"
		if !strings.Contains(stdout, words) || stderr != line {
			return fmt.Errorf("prints %.200q and %q, want %q and %q", stdout, stderr, words, line)
		}
		return nil
	}
}

func keptBeside(out, _, stderr string) error {
	whole, _ := os.ReadFile(filepath.Join(out, "grid.csv"))
	partial, err := os.ReadFile(filepath.Join(out, "grid.partial.csv"))
	if string(whole) != "earlier" || !strings.HasPrefix(string(partial), "delta,separation,verdict") || !strings.Contains(stderr, "grid.partial.csv") {
		return fmt.Errorf("grid.csv holds %q, grid.partial.csv %.80q (%v); %s", whole, partial, err, stderr)
	}
	return nil
}

// solvable asks for counterexamples that solve reads.
func solvable(out, stdout, _ string) error {
	kept, _ := filepath.Glob(filepath.Join(out, "corpus", "*"))
	if len(kept) == 0 || !strings.Contains(stdout, "equality is refuted") {
		return fmt.Errorf("prints %.200q and keeps %v", stdout, kept)
	}
	for _, path := range kept {
		if said, err := exec.Command("contrastcheck", "solve", path).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w, %s", path, err, said)
		}
	}
	return nil
}

func incomplete(out, _, _ string) error {
	for name, words := range map[string]string{"report.json": `"complete": false`, "index.html": "is incomplete", "report.md": "is incomplete"} {
		if text, err := os.ReadFile(filepath.Join(out, "report", name)); err != nil || !strings.Contains(string(text), words) {
			return fmt.Errorf("%s does not say that it is incomplete, %v", name, err)
		}
	}
	return nil
}

// found tells that the corpus holds something.
func found(out string) bool {
	kept, _ := filepath.Glob(filepath.Join(out, "corpus", "*.json"))
	return len(kept) > 0
}

// later is for what does next to nothing.
func later(string) bool {
	time.Sleep(time.Second)
	return true
}

// untilBusy waits until a process has worked for longer than it needs to begin; where there is no
// /proc, for a second.
func untilBusy(ctx context.Context, pid int) {
	const enough = 15 // ticks of 10 ms
	for ctx.Err() == nil {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			time.Sleep(time.Second)
			return
		}
		_, after, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(after) // the state, in the third place, and so on
		user, _ := strconv.Atoi(fields[11])
		system, _ := strconv.Atoi(fields[12])
		if user+system >= enough || fields[0] == "Z" {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// fullPipe returns the end of a pipe that takes no more.
func fullPipe(t *testing.T) *os.File {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	if err := w.SetWriteDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Skip("no deadlines here: ", err)
	}
	for err == nil {
		_, err = w.Write(make([]byte, 1<<10))
	}
	return w
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
