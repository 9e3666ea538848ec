package cli

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"contrastcheck/reports"
)

// What can't be had from the program as it is: an outcome that is not the recorded one,
// and a folder that is lost while the report is made.
func TestReportEndings(t *testing.T) {
	off := reports.Results{Complete: true, Claims: []reports.Claim{{ID: "a", AsRecorded: true, Complete: true}, {ID: "b", Complete: true}}}
	other := errors.New("other")
	for name, c := range map[string]struct {
		ended, want error
	}{"off": {nil, errNotAsExpected}, "interrupted": {context.Canceled, errPartly}, "failed": {other, errPartly}} {
		if err := ending(off, c.ended); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	off.Claims[1].AsRecorded = true
	if err := ending(off, nil); err != nil {
		t.Errorf("as recorded: %v", err)
	}
}

func TestLostReportIsPrinted(t *testing.T) {
	r := reports.Results{Schema: reports.Schema, Claims: []reports.Claim{{ID: "a", Found: "holds"}}}
	for format, mark := range map[string]string{"text": "# What is true of", "json": `"schema": "contrastcheck-report/1"`} {
		for _, kept := range [][]string{nil, {"report.json"}, {"report.md"}} {
			var stdout bytes.Buffer
			s := &session{commands: &commands{Format: format}, stdout: &stdout}
			err := (&reportCommand{Out: "there"}).keep(s, r, &reports.PartlyWritten{Kept: kept, Err: errors.New("disk full")})
			if !errors.Is(err, errOutput) || !strings.Contains(err.Error(), "disk full") {
				t.Errorf("%s, kept %v: %v", format, kept, err)
			}
			readable := len(kept) > 0 && kept[0] == "report.md"
			if printed := strings.Contains(stdout.String(), mark); printed == readable {
				t.Errorf("%s, kept %v: printed %.80q", format, kept, stdout.String())
			}
		}
	}
}
