package tables

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"contrastcheck/gmm"
)

// labels are the class labels of a table that stand apart from it.
type labels struct {
	source string // what messages call them
	of     []string
	none   bool // samples have none, and need none
}

// at is the label of a sample, counted from 0, if there are so many.
func (l *labels) at(i int) (label string, there bool) {
	switch {
	case l.none:
		return Unlabelled, true
	case i < len(l.of):
		return l.of[i], true
	}
	return "", false
}

// readLabels reads the labels from where Options say that they stand apart; nil if they do not.
func (o Options) readLabels() (*labels, error) {
	switch {
	case o.LabelsOf != nil:
		return &labels{source: "rows", of: o.LabelsOf.Labels()}, nil
	case o.Labels == "":
		return nil, nil
	}
	r, err := o.open(o.Labels)
	if err != nil {
		return nil, &gmm.InputError{Key: "--labels " + o.Labels, Expected: "a readable file", Found: unreadableReason(err).Error(), Reason: err}
	}
	defer r.Close()
	l := &labels{source: "--labels " + o.Labels}
	buffered := bufio.NewReaderSize(metered(r, o.Limit), bufferSize)
	if buffered, err = inflated(buffered, o.Limit); err == nil {
		if begins(buffered, npyMagic) {
			l.of, err = readNPYLabels(buffered)
		} else {
			l.of, err = readLines(buffered)
		}
	}
	return l, l.refusal(err)
}

// refusal says in an error that it is of the labels.
func (l *labels) refusal(err error) error {
	err = unreadable(err)
	var refusal *gmm.InputError
	if errors.As(err, &refusal) {
		named := *refusal
		named.Key = strings.TrimSuffix(l.source+": "+refusal.Key, ": ")
		return &named
	}
	return err
}

// count refuses another number of labels than there are samples.
func (l *labels) count(samples int) error {
	if l.none || len(l.of) == samples {
		return nil
	}
	refusal := &gmm.InputError{Key: l.source, Expected: fmt.Sprintf("%d labels, one for each row", samples), Found: fmt.Sprint(len(l.of)), Reason: gmm.ErrShape}
	if len(l.of) == samples+1 {
		refusal.Found += " (a header line is a label, too)"
	}
	return refusal
}

// readLines reads one label a line.
func readLines(r *bufio.Reader) ([]string, error) {
	rs := records{r: r}
	rs.skipMark()
	var out []string
	for {
		text, err := rs.textLine()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if len(strings.TrimSpace(string(text))) == 0 {
			return nil, &gmm.InputError{Key: fmt.Sprintf("line %d", rs.lines), Expected: "a class label", Found: "an empty line", Reason: gmm.ErrSyntax}
		}
		out = append(out, string(text))
	}
}
