package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"contrastcheck/frontier"
	"contrastcheck/internal/files"
	"contrastcheck/reports/figures"
)

// traced is what frontier finds: a map and, where they are asked for, brackets of its changes of sign.
type traced struct {
	frontier.Map
	brackets []frontier.Bracket
	refined  bool
}

// endings are those of files that have a format, without the figures'.
var endings = map[string]string{".json": "json", ".csv": "csv", ".tex": "latex"}

// format is the one of the ending of --out, a figure's ending itself, or of --format.
func (c *frontierCommand) format(asked string) (string, error) {
	ending := strings.ToLower(filepath.Ext(c.Out))
	format, known := endings[ending]
	if slices.Contains(figures.Endings(), ending) {
		format, known = ending, true
	}
	switch {
	case !known:
		return asked, nil
	case asked != "text" && asked != format:
		return "", fmt.Errorf("--out: %s: expected another ending with --format %s, found %s", c.Out, asked, ending)
	}
	return format, nil
}

// output writes a frontier to --out or standard output; one that was interrupted beside --out,
// which keeps an earlier result.
func (c *frontierCommand) output(s *session, f traced, interrupted bool) error {
	text := func(w io.Writer) error { return f.write(w, s.Format, s.Quiet) }
	if s.Format == notebook {
		text = func(io.Writer) error {
			return s.both(f, f.glance(), func(w io.Writer) error { return f.write(w, "text", s.Quiet) })
		}
	}
	format, err := c.format(s.Format)
	if err != nil {
		return err
	}
	out, path := c.Out, c.target()
	var ended error
	if interrupted {
		ended = errPartly
	}
	switch {
	case c.Out == "":
		return errors.Join(text(s.stdout), ended)
	case interrupted && !slices.ContainsFunc(f.Points, func(p frontier.Point) bool { return p.Reached }):
		return fmt.Errorf("%w before the first point was judged", errInterrupted)
	case interrupted && !c.device():
		path = beside(path)
		out = path
		ended = fmt.Errorf("%w; what was judged until then is in %s", errInterrupted, out)
	}
	if err := c.write(path, func(w io.Writer) error { return f.write(w, format, s.Quiet) }); err != nil {
		return errors.Join(fmt.Errorf("%w: %s: %w; the result is on standard output instead", errOutput, out, err), text(s.stdout))
	}
	return ended
}

// beside is the name that an incomplete result gets: grid.partial.csv for grid.csv.
func beside(path string) string {
	ending := filepath.Ext(path)
	return strings.TrimSuffix(path, ending) + ".partial" + ending
}

// errOutput says that an output file failed after the work began.
var errOutput = errors.New("output failed")

// writable tells, by an error, that --out can't be written to in a format.
func (c *frontierCommand) writable(format string) error {
	_, err := c.format(format)
	switch {
	case err != nil:
	case c.Out == "":
	case c.device():
		if err = c.write(c.Out, func(io.Writer) error { return nil }); err != nil {
			err = fmt.Errorf("--out: %s: expected a file that can be written, found: %w", c.Out, files.Reason(err))
		}
	default:
		if err = files.Writable(c.target()); err != nil {
			err = fmt.Errorf("--out: %w", err)
		}
	}
	return err
}

// device tells that --out is there and no regular file, such as a pipe.
func (c *frontierCommand) device() bool {
	there, err := os.Stat(c.Out)
	return err == nil && !there.Mode().IsRegular()
}

// target is the file that --out is or, as a symbolic link, leads to.
func (c *frontierCommand) target() string {
	if path, err := filepath.EvalSymlinks(c.Out); err == nil {
		return path
	}
	return c.Out
}

// write writes a file, of which a former content is replaced once the new one is whole, or
// to --out as it is.
func (c *frontierCommand) write(path string, text func(io.Writer) error) error {
	if !c.device() {
		return files.Write(path, text)
	}
	f, err := os.OpenFile(c.Out, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(text(f), f.Close())
}
