package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"contrastcheck/internal/files"
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
	// Where is the id of a claim or comparison, or "run" or "program".
	Where string `json:"where"`
	// What names what differs, as in "found"; Old and New are its values, "" for none.
	What string `json:"what"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

// Read reads a report.json. It fails with ErrSchema, naming the path, if that is
// something else.
func Read(path string) (Results, error) {
	text, _, err := readJSON(path, Schema)
	if err != nil {
		return Results{}, err
	}
	return decoded[Results](path, text)
}

// readJSON reads the text of a report.json of one of the schemas, and tells which, or fails as Read does.
func readJSON(path string, schemas ...string) (text []byte, schema string, err error) {
	if text, err = os.ReadFile(path); err != nil {
		return nil, "", fmt.Errorf("reports: %s: expected a report.json: %w", path, files.Reason(err))
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // editors may put a byte order mark
	var header struct{ Schema string }
	if err := json.Unmarshal(text, &header); err != nil {
		return nil, "", fmt.Errorf("%w: %s: expected JSON, found %w", ErrSchema, path, err)
	}
	if !slices.Contains(schemas, header.Schema) {
		return nil, "", fmt.Errorf("%w: %s: expected the schema %s, found %q", ErrSchema, path, strings.Join(quoted(schemas), " or "), header.Schema)
	}
	return text, header.Schema, nil
}

func quoted(names []string) (out []string) {
	for _, name := range names {
		out = append(out, strconv.Quote(name))
	}
	return out
}

// decoded is a report of a schema that is known.
func decoded[R Report](path string, text []byte) (r R, err error) {
	if err = json.Unmarshal(text, &r); err != nil {
		err = fmt.Errorf("%w: %s: %w", ErrSchema, path, err)
	}
	return r, err
}

// Compare lists what differs from an older report: of the run, the program, each claim
// that both are about, its figures (by what their text alternatives say), and each
// comparison. A claim of one report alone is listed unless claims were selected.
func Compare(old, latest Results) Changes {
	c := Changes{Since: old.Run, List: []Change{}}
	before, after := map[string]map[string]string{}, map[string]map[string]string{}
	places := append(old.places(before), latest.places(after)...)
	for i, p := range places {
		if slices.Index(places, p) < i {
			continue
		}
		was, is := before[p.where], after[p.where]
		if (was == nil && old.Run.Selected != nil) || (is == nil && latest.Run.Selected != nil) {
			continue
		}
		if was[p.what] != is[p.what] {
			c.List = append(c.List, Change{p.where, p.what, was[p.what], is[p.what]})
		}
	}
	return c
}

// place is where something may differ.
type place struct{ where, what string }

// places fills in the values of what is compared, by where and by what, and returns their
// places in order.
func (r Results) places(values map[string]map[string]string) []place {
	var out []place
	set := func(where, what, value string) {
		if values[where] == nil {
			values[where] = map[string]string{}
		}
		values[where][what] = value
		out = append(out, place{where, what})
	}
	set("program", "version", r.Program.Version)
	set("program", "Go", r.Program.Go)
	set("program", "platform", r.Program.Platform)
	set("program", "libraries", libraries(r.Program))
	set("run", "effort", r.Run.Effort)
	set("run", "cases", strconv.Itoa(r.Run.Cases))
	set("run", "seed", strconv.FormatUint(r.Run.Seed, 10))
	set("run", "selected", strings.Join(r.Run.Selected, ", "))
	set("run", "complete", strconv.FormatBool(r.Complete))
	for _, claim := range r.Claims {
		set(claim.ID, "found", claim.Shown())
		set(claim.ID, "recorded", claim.Recorded)
		set(claim.ID, "as recorded", strconv.FormatBool(claim.AsRecorded))
		set(claim.ID, "grade", claim.Grade)
		set(claim.ID, "statement", claim.Statement)
		set(claim.ID, "cases", fmt.Sprintf("%d: %d held, %d refuted, %d undecided", claim.Cases, claim.Holds, claim.Refuted, claim.Undecided))
		set(claim.ID, "worst", claim.Extreme())
		set(claim.ID, "stored counterexamples", fmt.Sprintf("%d of %d refute it", claim.Replayed, claim.Stored))
		for _, f := range claim.Figures {
			set(claim.ID, "figure "+f.ID, f.Alt)
		}
		for _, found := range claim.Counterexamples {
			set(claim.ID, "counterexample "+found.Name, found.Grade+": "+found.Evidence)
		}
	}
	for _, data := range r.Comparisons {
		for _, row := range data.Rows {
			set(data.ID, row.Projection, fmt.Sprintf("J %v, angle %v, ARI %v, AMI %v, 1-NN %v, centroid %v", row.Discriminant, row.LargestAngle,
				row.AdjustedRand, row.AdjustedMutualInformation, row.NearestNeighbour, row.NearestCentroid))
		}
	}
	return out
}

func libraries(p Program) string {
	var all []string
	for _, d := range p.Dependencies {
		all = append(all, d.Path+" "+d.Version)
	}
	return strings.Join(all, ", ")
}
