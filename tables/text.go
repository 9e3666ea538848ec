package tables

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"contrastcheck/gmm"
)

// readText reads delimited text.
func (t *Table) readText(r *bufio.Reader, of *labels, o Options) error {
	rs, err := newRecords(r)
	if errors.Is(err, io.EOF) {
		return &gmm.InputError{Expected: "a header line", Found: "an empty file", Reason: gmm.ErrSyntax}
	}
	if err != nil {
		return err
	}
	names := numbered(len(rs.fields))
	if !o.NoHeader {
		for i, field := range rs.fields {
			names[i] = string(field)
		}
	}
	of = o.unlabelled(of, names)
	l, err := o.layout(names, of == nil)
	if err == nil {
		l, err = o.matched(l)
	}
	if err != nil {
		return err
	}
	t.Columns = l.ordered()
	b := newBuilder(t, o)
	if !o.NoHeader {
		err = rs.next()
	}
	rows := 0
	for ; err == nil; err = rs.next() {
		var label []byte
		if of == nil {
			if len(rs.fields) > l.label {
				label = rs.fields[l.label]
			}
		} else {
			text, there := of.at(rows)
			if !there {
				rows++
				continue // they are counted
			}
			label = []byte(text)
		}
		rows++
		if err := t.sample(rs, l, b, label, o); err != nil {
			return err
		}
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	if of != nil {
		if err := of.count(rows); err != nil {
			return err
		}
	}
	if len(t.Class) == 0 {
		return &gmm.InputError{Key: fmt.Sprintf("line %d", rs.lines+1), Expected: "at least one sample" + t.unlessMissing(), Found: "the end of the file", Reason: gmm.ErrShape}
	}
	t.numbers, err = b.numbers()
	return err
}

// unlessMissing says how many samples were left out, if any.
func (t *Table) unlessMissing() string {
	if t.Missing == 0 {
		return ""
	}
	return fmt.Sprintf(" without a missing value, beside %d with one", t.Missing)
}

// sample keeps a record.
func (t *Table) sample(rs *records, l layout, b *builder, label []byte, o Options) error {
	if len(rs.fields) != len(l.names) {
		return &gmm.InputError{Key: fmt.Sprintf("line %d", rs.line), Expected: fmt.Sprintf("%d fields, as in the first line", len(l.names)),
			Found: fmt.Sprint(len(rs.fields)), Reason: gmm.ErrSyntax}
	}
	if o.DropMissing && (isMissing(string(bytes.TrimSpace(label))) || l.misses(rs.fields)) {
		t.Missing++
		return nil
	}
	if len(bytes.TrimSpace(label)) == 0 {
		return &gmm.InputError{Key: fmt.Sprintf("line %d, column %q", rs.line, l.names[l.label]), Expected: "a class label (--missing drop leaves the line out)",
			Found: "an empty field", Reason: gmm.ErrSyntax}
	}
	if err := t.label(label, fmt.Sprintf("line %d", rs.line)); err != nil {
		return err
	}
	c, err := b.texts(rs.fields, l.columns)
	var refusal *gmm.InputError
	if errors.As(err, &refusal) && refusal.Key == "" {
		refusal.Key = fmt.Sprintf("line %d, column %q", rs.line, l.names[c])
		switch text := string(bytes.TrimSpace(rs.fields[c])); {
		case isMissing(text):
			refusal.Expected += " (--missing drop leaves the line out)"
		case rs.comma != ',' && isNumber(strings.Replace(text, ",", ".", 1)):
			refusal.Expected += " with a decimal point"
		case refusal.Expected == notNumber:
			refusal.Expected += fmt.Sprintf(" (--drop %s leaves the column out)", flagged(l.names[c]))
		}
	}
	return err
}

// notNumber is what gmm.ParseNumber expects of what looks like no number.
const notNumber = "a decimal or a fraction"

// flagged is a value of a flag as a shell takes it.
func flagged(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool {
		return !(r == '_' || r == '-' || r == '.' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
	}) {
		return fmt.Sprintf("%q", name)
	}
	return name
}

// misses tells whether a coordinate is missing.
func (l layout) misses(fields [][]byte) bool {
	for _, c := range l.columns {
		if field := fields[c]; (len(field) == 0 || field[len(field)-1] > '9' || field[len(field)-1] < '0') && isMissing(string(bytes.TrimSpace(field))) {
			return true
		}
	}
	return false
}

// label adds the class of a sample.
func (t *Table) label(name []byte, place string) error {
	k, known := t.places[string(name)]
	if !known {
		k = len(t.Classes)
		if k == mostClasses {
			return &gmm.InputError{Key: place, Expected: fmt.Sprintf("at most %d different class labels; is --label the right column?", mostClasses),
				Found: "one more", Reason: gmm.ErrShape}
		}
		t.places[string(name)] = k
		t.Classes = append(t.Classes, string(name))
	}
	t.Class = append(t.Class, k)
	return nil
}

// mostClasses is well beyond what a loss can be integrated for; a label column
// with more values is most likely the wrong column.
const mostClasses = 1000
