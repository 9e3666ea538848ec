//go:build attack

package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// documented are the commands of the document that share work out, without the server.
var documented = regexp.MustCompile(`(?m)^contrastcheck ((?:verify|search|frontier) .*) --queue nats://127\.0\.0\.1:4222$`)

// same fails where a command prints anything else with a server than without.
func same(ts *testscript.TestScript, args []string) {
	wholly := ts.Exec("contrastcheck", args...)
	here := ts.ReadFile("stdout")
	shared := ts.Exec("contrastcheck", append(args, "--queue="+ts.Getenv("QUEUE"))...)
	if there := ts.ReadFile("stdout"); there != here || fmt.Sprint(wholly) != fmt.Sprint(shared) || here == "" {
		ts.Fatalf("%v: with a queue %v: %s\nwithout %v: %s", args, shared, there, wholly, here)
	}
	ts.Logf("%s", ts.ReadFile("stderr"))
}

// Campaigns on a server of their own, by testdata/campaigns. Beside the usual commands, reachable waits for the server, same compares what a command prints with and without
// it, documented does so with the commands of docs/campaigns.md, and first takes an id from a list.
func TestCampaigns(t *testing.T) {
	server, err := exec.Command("go", "tool", "-n", "nats-server").Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../docs/campaigns.md")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/campaigns",
		Setup: func(env *testscript.Env) error {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			defer l.Close()
			port := fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
			data, err := os.Getwd()
			if err != nil {
				return err
			}
			env.Setenv("DATA", data+"/../../testdata")
			env.Setenv("NATS", strings.TrimSpace(string(server)))
			env.Setenv("PORT", port)
			env.Setenv("QUEUE", "nats://127.0.0.1:"+port)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"reachable": func(ts *testscript.TestScript, _ bool, _ []string) {
				for range 100 {
					if c, err := net.Dial("tcp", "127.0.0.1:"+ts.Getenv("PORT")); err == nil {
						ts.Check(c.Close())
						return
					}
					time.Sleep(50 * time.Millisecond)
				}
				ts.Fatalf("no server")
			},
			"same": func(ts *testscript.TestScript, _ bool, args []string) { same(ts, args) },
			"documented": func(ts *testscript.TestScript, _ bool, _ []string) {
				lines := documented.FindAllStringSubmatch(string(text), -1)
				if len(lines) == 0 {
					ts.Fatalf("the document has no commands")
				}
				for _, line := range lines {
					same(ts, strings.Fields(line[1]))
				}
			},
			"first": func(ts *testscript.TestScript, _ bool, args []string) {
				var all []struct{ ID string }
				ts.Check(json.NewDecoder(bytes.NewReader([]byte(ts.ReadFile("stdout")))).Decode(&all))
				if len(all) != 1 {
					ts.Fatalf("%d campaigns", len(all))
				}
				ts.Setenv(args[0], all[0].ID)
			},
		},
	})
}
