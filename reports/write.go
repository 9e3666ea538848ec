package reports

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"contrastcheck/internal/files"
	"contrastcheck/reports/figures"
)

// ErrFolder says that a folder is not one to which a report can be written.
var ErrFolder = errors.New("reports: not a usable folder")

// PartlyWritten is the error of a report of which some files could not be written.
type PartlyWritten struct {
	Kept []string // names of the files that were, within the folder
	// Earlier tells that the folder still holds an earlier report, as it was; nothing is kept then.
	Earlier bool
	Err     error
}

// Error implements error.
func (e *PartlyWritten) Error() string {
	kept := "nothing"
	if len(e.Kept) > 0 {
		kept = strings.Join(e.Kept, ", ")
	}
	if e.Earlier {
		kept = "the earlier report"
	}
	return fmt.Sprintf("reports: kept %s: %v", kept, e.Err)
}

// Unwrap returns the first failure.
func (e *PartlyWritten) Unwrap() error { return e.Err }

// Names of the files of a report, beside its figures and counterexamples.
const (
	PageName     = "index.html"
	MarkdownName = "report.md"
	JSONName     = "report.json"
)

// Prepare makes the folder for a report, if there is none, and tells by ErrFolder
// that no report can be written there: it has other contents, or takes no files. An
// earlier report there is in order.
func Prepare(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrFolder, folder, files.Reason(err))
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrFolder, folder, files.Reason(err))
	}
	if len(entries) > 0 {
		switch _, err := readAny(filepath.Join(folder, JSONName)); {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%w: %s: expected a folder that is new, empty or has an earlier report, found %s and no report.json",
				ErrFolder, folder, entries[0].Name())
		case err != nil:
			return fmt.Errorf("%w: %w", ErrFolder, err)
		}
	}
	names := []string{PageName, MarkdownName, JSONName}
	for _, inside := range []string{"figures", "counterexamples"} {
		if _, err := os.Lstat(filepath.Join(folder, inside)); err == nil {
			names = append(names, filepath.Join(inside, "probe"))
		}
	}
	for _, name := range names {
		if err := files.Writable(filepath.Join(folder, name)); err != nil {
			return fmt.Errorf("%w: %w", ErrFolder, err)
		}
	}
	return nil
}

// file is a file of a report.
type file struct {
	name string // within the folder
	text []byte
}

// Report is what is written: Results, or Own.
type Report interface {
	// Verdict is the report in a sentence, or a line a reading.
	Verdict() string
	JSON() []byte
	Page() []byte
	Markdown() []byte
	// Figures are all figures, in the order of the report.
	Figures() []figures.Figure
	attachments() []file
}

// filesOf are all files of a report, report.json first: it tells that the folder is a
// report's, whatever happens to the others.
func filesOf(r Report) []file {
	return append([]file{{JSONName, r.JSON()}, {PageName, r.Page()}, {MarkdownName, r.Markdown()}}, r.attachments()...)
}

// readAny reads a report.json of either schema. It fails with ErrSchema, naming the path, if that is something else.
func readAny(path string) (Report, error) {
	text, schema, err := readJSON(path, Schema, OwnSchema)
	switch {
	case err != nil:
		return nil, err
	case schema == OwnSchema:
		return decoded[Own](path, text)
	}
	return decoded[Results](path, text)
}

// attachment matches the names of attachments: nothing else is removed, whatever an
// earlier report.json says.
var attachment = regexp.MustCompile(`^(report\.pdf|figures/[A-Za-z0-9-]+\.(?:svg|pdf)|counterexamples/[A-Za-z0-9_-]+\.json|certificate-[a-z]+\.json)$`)

// attachments are the figures and counterexamples.
func (r Results) attachments() []file {
	out := figureFiles(r.Figures())
	for _, c := range r.Claims {
		for _, found := range c.Counterexamples {
			out = append(out, file{found.File, append(bytes.Clone(found.Mixture), '\n')})
		}
	}
	return out
}

// figureFiles are figures as files of their own.
func figureFiles(all []figures.Figure) []file {
	var out []file
	for _, f := range all {
		out = append(out, file{figureFile(f), []byte(f.Standalone())})
	}
	return out
}

// JSON is the text of report.json.
func (r Results) JSON() []byte { return indented(r) }

// Write writes the report into a folder that Prepare accepts: index.html, which needs
// nothing else, report.md with its figures in figures/, report.json, and the
// counterexamples as mixture files in counterexamples/, or certificates. Each file is in its place whole or
// not at all; figures and counterexamples of an earlier report that this one does not have
// are removed, and its PDF files.
//
// No file takes its place before all are on the disk: where they do not fit beside an earlier
// report, that one stays as it is. Where there is none, or a file can't be put in its place, the
// others are kept. In all these cases the error is a PartlyWritten.
func Write(folder string, r Report) error {
	var earlier []file
	old, err := readAny(filepath.Join(folder, JSONName))
	replaces := err == nil
	if replaces {
		earlier = old.attachments()
		earlier = append(earlier, printed(earlier)...)
	}
	partly := &PartlyWritten{}
	current := map[string]bool{}
	var names []string
	var drafts []*files.Draft
	for _, f := range filesOf(r) {
		current[f.name] = true
		path := filepath.Join(folder, filepath.FromSlash(f.name))
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		var d *files.Draft
		if err == nil {
			d, err = files.NewDraft(path, f.text)
		}
		if err != nil {
			partly.Err = cmp.Or(partly.Err, err)
			continue
		}
		names, drafts = append(names, f.name), append(drafts, d)
	}
	partly.Earlier = replaces && partly.Err != nil
	for i, d := range drafts {
		if partly.Earlier {
			d.Drop()
		} else if err := d.Keep(); err != nil {
			partly.Err = cmp.Or(partly.Err, err)
		} else {
			partly.Kept = append(partly.Kept, names[i])
		}
	}
	if partly.Err != nil {
		return partly
	}
	for _, f := range earlier {
		if !current[f.name] && attachment.MatchString(f.name) {
			_ = os.Remove(filepath.Join(folder, filepath.FromSlash(f.name))) // what stays does no harm
		}
	}
	return nil
}
