package cli

import (
	"encoding/json"
	"fmt"

	"contrastcheck/theorems"

	"github.com/jedib0t/go-pretty/v6/table"
)

type claimsCommand struct{}

// Help is shown by contrastcheck claims --help.
func (claimsCommand) Help() string {
	return `Lists the claims that verify can check, what is known of each, and where it comes from.

Examples:
  contrastcheck claims
  contrastcheck claims --format json`
}

// Run executes the command.
func (claimsCommand) Run(s *session) error {
	all := theorems.All()
	if s.Format == "json" {
		type entry struct {
			ID        string `json:"id"`
			Statement string `json:"statement"`
			Source    string `json:"source"`
			Recorded  string `json:"recorded"`
		}
		var list []entry
		for _, c := range all {
			list = append(list, entry{c.ID, c.Statement, c.Source, c.Recorded.String()})
		}
		return json.NewEncoder(s.stdout).Encode(list)
	}
	t := plainTable()
	t.AppendRow(table.Row{"CLAIM", "RECORDED", "STATEMENT"})
	for _, c := range all {
		t.AppendRow(table.Row{c.ID, c.Recorded, c.Statement})
		if !s.Quiet {
			t.AppendRow(table.Row{"", "", "(" + c.Source + ")"})
		}
	}
	fmt.Fprintln(s.stdout, t.Render())
	return nil
}
