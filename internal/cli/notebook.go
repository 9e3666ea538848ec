package cli

import (
	"bytes"
	"encoding/json"
	"io"

	"contrastcheck/internal/answer"
	"contrastcheck/reports"
	"contrastcheck/tables"
)

// notebookSchema names the form of --format notebook.
const notebookSchema = "contrastcheck-notebook/1"

// forPeople is the second line of --format notebook, whose first is that of --format json: the same for people.
type forPeople struct {
	Schema  string   `json:"schema"`
	Version string   `json:"version"`
	Text    string   `json:"text"`
	HTML    string   `json:"html,omitempty"` // a fragment of a page; absent where the text has no more to it
	Notes   []string `json:"notes"`          // what was done to a table, a sentence each
}

// glanced is a result that can be shown as a fragment of a page.
type glanced interface{ glance() string }

// glanceOf is the fragment for a result; "" for one without.
func glanceOf(r result) string {
	if g, can := r.(glanced); can {
		return g.glance()
	}
	return ""
}

// both writes a result as programs read it, and keeps what people read for the next line.
func (s *session) both(r any, html string, text func(io.Writer) error) error {
	var b bytes.Buffer
	if err := text(&b); err != nil {
		return err
	}
	s.shown = &forPeople{Schema: notebookSchema, Version: answer.Version(), Text: b.String(), HTML: html, Notes: []string{}}
	return json.NewEncoder(s.stdout).Encode(r)
}

// finish writes the second line of --format notebook, if there is a first.
func (s *session) finish(command any) error {
	if s.shown == nil {
		return nil
	}
	if noted, can := command.(interface{ notes() []string }); can {
		s.shown.Notes = append(s.shown.Notes, noted.notes()...)
	}
	encoder := json.NewEncoder(s.stdout)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(s.shown)
}

// looked are the tables that a fragment of a page shows points of; nil where none is asked for, or there is none.
type looked struct{ data, text *tables.Table }

// look keeps the tables where a fragment of a page is asked for.
func (i *input) look(s *session, data, text *tables.Table) {
	if s.Format == notebook {
		i.looked = looked{data, text}
	}
}

// glance is the fragment for a solution.
func (c *solveCommand) glance(r answer.Solution) string {
	subject := reports.Subject{Pairs: r.Given, Centred: c.Centre, Table: c.looked.data, Text: c.looked.text, Loss: r.Of}
	found := []reports.Found{foundOf(r)}
	if r.Centred != nil && !r.Of.Differences() {
		found = append(found, foundOf(*r.Centred))
	}
	return string(subject.Glance(found))
}

// foundOf is what a reading was made of.
func foundOf(r answer.Solution) reports.Found {
	found := reports.Found{Decision: r.Decision, Effects: r.Effects}
	if against := block[againstShared](r.Against); against != nil {
		found.Against = &against.found
	}
	return found
}

// glance is the fragment for a projection.
func (r mapped) glance() string { return r.html }

// glance is the figure of a frontier, with its words.
func (f traced) glance() string { return string(reports.GlanceAt(frontierFigure(f))) }

// MarshalJSON implements json.Marshaler.
func (f traced) MarshalJSON() ([]byte, error) { return json.Marshal(newFrontierReport(f)) }
