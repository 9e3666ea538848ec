package reports

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
)

// ErrSchema says that a file is not a report.json of this schema.
var ErrSchema = errors.New("reports: not a report of this schema")

// Changes are the differences to an older report.
type Changes struct {
	Since Run      `json:"since"`
	List  []Change `json:"list"`
}

// Change is a difference in one place.
type Change struct {
	// Where is a claim's id, or "run" or "program".
	Where string `json:"where"`
	// What names what differs, as in "found"; Old and New are its values, "" for none.
	What string `json:"what"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

// Read reads a report.json. It fails with ErrSchema, naming the path, if that is
// something else.
func Read(path string) (Results, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		var at *os.PathError
		if errors.As(err, &at) {
			err = at.Err
		}
		return Results{}, fmt.Errorf("reports: %s: expected a report.json: %w", path, err)
	}
	var header struct{ Schema string }
	if err := json.Unmarshal(text, &header); err != nil {
		return Results{}, fmt.Errorf("%w: %s: expected JSON, found %w", ErrSchema, path, err)
	}
	if header.Schema != Schema {
		return Results{}, fmt.Errorf("%w: %s: expected the schema %q, found %q", ErrSchema, path, Schema, header.Schema)
	}
	var r Results
	if err := json.Unmarshal(text, &r); err != nil {
		return Results{}, fmt.Errorf("%w: %s: %w", ErrSchema, path, err)
	}
	return r, nil
}

// Compare lists what differs from an older report: of the run, the program, and each
// claim in either.
func Compare(old, latest Results) Changes {
	c := Changes{Since: old.Run, List: []Change{}}
	c.differ("program", "version", old.Program.Version, latest.Program.Version)
	c.differ("program", "Go", old.Program.Go, latest.Program.Go)
	c.differ("program", "platform", old.Program.Platform, latest.Program.Platform)
	c.differ("run", "effort", old.Run.Effort, latest.Run.Effort)
	c.differ("run", "seed", strconv.FormatUint(old.Run.Seed, 10), strconv.FormatUint(latest.Run.Seed, 10))
	c.differ("run", "complete", strconv.FormatBool(old.Complete), strconv.FormatBool(latest.Complete))
	before := map[string]Claim{}
	for _, claim := range old.Claims {
		before[claim.ID] = claim
	}
	for _, claim := range latest.Claims {
		was, known := before[claim.ID]
		if !known {
			c.differ(claim.ID, "claim", "", claim.Found)
			continue
		}
		delete(before, claim.ID)
		for _, field := range fields {
			c.differ(claim.ID, field.name, field.of(was), field.of(claim))
		}
	}
	for _, claim := range old.Claims {
		if _, gone := before[claim.ID]; gone {
			c.differ(claim.ID, "claim", claim.Found, "")
		}
	}
	return c
}

func (c *Changes) differ(where, what, old, latest string) {
	if old != latest {
		c.List = append(c.List, Change{where, what, old, latest})
	}
}

// fields are what Compare compares of a claim.
var fields = []struct {
	name string
	of   func(Claim) string
}{
	{"statement", func(c Claim) string { return c.Statement }},
	{"recorded", func(c Claim) string { return c.Recorded }},
	{"found", func(c Claim) string { return c.Found }},
	{"grade", func(c Claim) string { return c.Grade }},
	{"cases", func(c Claim) string { return strconv.Itoa(c.Cases) }},
	{"undecided", func(c Claim) string { return strconv.Itoa(c.Undecided) }},
	{"worst value", func(c Claim) string { return c.Measure + " " + c.Worst.String() }},
	{"simplest counterexample", func(c Claim) string {
		if len(c.Counterexamples) == 0 {
			return ""
		}
		return c.Counterexamples[0].Name
	}},
	{"stored counterexamples", func(c Claim) string { return strconv.Itoa(c.Stored) }},
}
