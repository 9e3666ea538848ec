package tables

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"contrastcheck/gmm"
)

// records reads delimited text, record by record, as encoding/csv does (RFC 4180): fields in quotes may hold the
// delimiter, line ends and quotes, which are doubled; lines end with \n or \r\n; empty lines are none. Lines
// without quotes, which is nearly all, are split here, many times faster.
type records struct {
	r      *bufio.Reader
	comma  byte
	line   int      // that of the record last read, from 1
	lines  int      // that have been read
	fields [][]byte // of the record last read; valid until the next
	long   []byte
}

// delimiters are those that are known, in order of preference.
const delimiters = "\t;,"

// newRecords reads the first line, and tells from it what the delimiter is: that which stands there most often outside of quotes.
func newRecords(r *bufio.Reader) (*records, error) {
	rs := &records{r: r, comma: ','}
	rs.skipMark()
	text, err := rs.record()
	if err != nil {
		return rs, err
	}
	var counts [256]int
	quoted := false
	for _, c := range text {
		if c == '"' {
			quoted = !quoted
		} else if !quoted {
			counts[c]++
		}
	}
	for _, c := range []byte(delimiters) {
		if counts[c] > counts[rs.comma] {
			rs.comma = c
		}
	}
	return rs, rs.split(text)
}

// skipMark skips the byte order mark that some programs put before a text.
func (rs *records) skipMark() {
	const mark = "\ufeff"
	if begins(rs.r, mark) {
		_, _ = rs.r.Discard(len(mark))
	}
}

// next reads the next record; io.EOF says that there is none.
func (rs *records) next() error {
	text, err := rs.record()
	if err != nil {
		return err
	}
	return rs.split(text)
}

// record returns the text of the next record, without its line's end: several lines where quotes are open. It is valid until the next read.
func (rs *records) record() ([]byte, error) {
	for {
		text, err := rs.textLine()
		if err != nil {
			return nil, err
		}
		rs.line = rs.lines
		if len(text) == 0 {
			continue
		}
		if bytes.Count(text, []byte{'"'})%2 == 0 {
			return text, nil
		}
		record := bytes.Clone(text)
		for {
			more, err := rs.textLine()
			if errors.Is(err, io.EOF) {
				return record, nil // csv says what is wrong
			}
			if err != nil {
				return nil, err
			}
			record = append(append(record, '\n'), more...)
			if bytes.Count(more, []byte{'"'})%2 == 1 {
				return record, nil
			}
		}
	}
}

// textLine reads a line of UTF-8.
func (rs *records) textLine() ([]byte, error) {
	text, err := rs.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		rs.long = append(rs.long[:0], text...)
		for errors.Is(err, bufio.ErrBufferFull) {
			text, err = rs.r.ReadSlice('\n')
			rs.long = append(rs.long, text...)
		}
		text = rs.long
	}
	if err != nil && (len(text) == 0 || !errors.Is(err, io.EOF)) {
		return nil, err
	}
	rs.lines++
	if !utf8.Valid(text) {
		return nil, &gmm.InputError{Key: fmt.Sprintf("line %d", rs.lines), Expected: "UTF-8 text", Found: "other bytes", Reason: gmm.ErrSyntax}
	}
	text = bytes.TrimSuffix(text, []byte{'\n'})
	return bytes.TrimSuffix(text, []byte{'\r'}), nil
}

// split parts a record into its fields.
func (rs *records) split(text []byte) error {
	rs.fields = rs.fields[:0]
	if bytes.IndexByte(text, '"') >= 0 {
		return rs.splitQuoted(text)
	}
	for {
		end := bytes.IndexByte(text, rs.comma)
		if end < 0 {
			rs.fields = append(rs.fields, text)
			return nil
		}
		rs.fields = append(rs.fields, text[:end])
		text = text[end+1:]
	}
}

// splitQuoted has encoding/csv part a record with quotes.
func (rs *records) splitQuoted(text []byte) error {
	reader := csv.NewReader(bytes.NewReader(text))
	reader.Comma = rune(rs.comma)
	fields, err := reader.Read()
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return &gmm.InputError{Key: fmt.Sprintf("line %d", rs.line+parse.Line-1), Expected: "fields without quotes, or in quotes as a whole", Found: parse.Err.Error(), Reason: gmm.ErrSyntax}
	}
	if err != nil {
		return err
	}
	for _, field := range fields {
		rs.fields = append(rs.fields, []byte(field))
	}
	return nil
}
