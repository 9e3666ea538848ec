//go:build attack

package explore_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// folder is where the command is built, and the site that it writes.
var folder = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "explore") })

// built compiles the command once for all tests.
var built = sync.OnceValues(func() (command string, err error) {
	f, err := folder()
	if err != nil {
		return "", err
	}
	command = filepath.Join(f, "contrastcheck")
	return command, ran("go", "build", "-o", command, "..")
})

// written is the folder of the static site.
var written = sync.OnceValues(func() (site string, err error) {
	command, err := built()
	if err != nil {
		return "", err
	}
	site = filepath.Join(filepath.Dir(command), "site")
	return site, ran(command, "explore", "--site", site)
})

func ran(command string, args ...string) error {
	if said, err := exec.Command(command, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", command, strings.Join(args, " "), err, said)
	}
	return nil
}

func TestMain(m *testing.M) {
	code := m.Run()
	if f, err := folder(); err == nil {
		_ = os.RemoveAll(f)
	}
	os.Exit(code)
}

// engines runs a test on the server and on the static site below a path; the address is that of the page.
func engines(t *testing.T, test func(t *testing.T, address string)) {
	t.Run("server", func(t *testing.T) { test(t, served(t)) })
	t.Run("site", func(t *testing.T) {
		address, _ := files(t)
		test(t, address)
	})
}

// served starts the command's server, which ends with the test.
func served(t *testing.T) string {
	t.Helper()
	command, err := built()
	must(t, err)
	run := exec.Command(command, "explore")
	out, err := run.StdoutPipe()
	must(t, err)
	run.Stderr = run.Stdout
	must(t, run.Start())
	lines := bufio.NewReader(out)
	said, err := lines.ReadString('\n')
	must(t, err)
	address := regexp.MustCompile(`http://[^\s"]+`).FindString(said)
	if address == "" {
		t.Fatalf("no address in %q", said)
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	t.Cleanup(func() {
		must(t, run.Process.Signal(syscall.SIGINT))
		if err := run.Wait(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return strings.TrimSuffix(address, "/") + "/"
}

// files serves the static site under a path by a plain file server.
func files(t *testing.T) (address string, server *httptest.Server) {
	t.Helper()
	site, err := written()
	must(t, err)
	const below = "/some/where/"
	server = httptest.NewServer(http.StripPrefix(below, http.FileServer(http.Dir(site))))
	t.Cleanup(server.Close)
	return server.URL + below, server
}

// solved is what the command line says of a mixture.
type solved struct {
	Unconstrained struct {
		Eigenvalues []float64 `json:"whitened_eigenvalues"`
	} `json:"unconstrained"`
	Directions struct{ Kept, Lost, Undecided int } `json:"directions"`
	Equality   struct {
		Verdict string   `json:"verdict"`
		Margin  *float64 `json:"margin"`
	} `json:"equality"`
	Containment struct{ Verdict string } `json:"containment"`
	Inside      struct {
		Slope float64 `json:"slope"`
		Error float64 `json:"slope_error"`
	} `json:"inside"`
	FisherDimension int `json:"fisher_dimension"`
	Certificate     struct {
		Grade   string  `json:"grade"`
		Epsilon float64 `json:"epsilon"`
	} `json:"certificate"`
}

// solve asks the command line about the mixture that an address of the page holds.
func solve(t testing.TB, hash string) solved {
	t.Helper()
	command, err := built()
	must(t, err)
	run := exec.Command(command, "solve", "-", "--format", "json")
	run.Stdin = bytes.NewReader(mixture(t, hash))
	said, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("solve: %v: %s", err, said)
	}
	var s solved
	must(t, json.Unmarshal(said, &s))
	return s
}

// mixture is the file of the state in an address: its weights w, means m and δ d.
func mixture(t testing.TB, hash string) []byte {
	t.Helper()
	file := map[string]any{"covariance": "identity"}
	for _, part := range strings.Split(strings.TrimPrefix(hash, "#"), "&") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "w":
			file["weights"] = strings.Split(value, ",")
		case "m":
			file["means"] = rows(value)
		case "c":
			if each := strings.Split(value, "|"); len(each) > 1 {
				var all [][][]string
				for _, c := range each {
					all = append(all, rows(c))
				}
				file["covariance"] = all
			} else {
				file["covariance"] = rows(value)
			}
		case "d":
			file["delta"] = value
		case "name":
		default:
			t.Fatalf("the address %s has a part %s, which is not of this mixture", hash, key)
		}
	}
	return mustJSON(file)
}

func rows(matrix string) (all [][]string) {
	for _, row := range strings.Split(matrix, ";") {
		all = append(all, strings.Split(row, ","))
	}
	return all
}
