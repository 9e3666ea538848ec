package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"

	"contrastcheck/internal/words"
	"contrastcheck/losses"
	"contrastcheck/reports"
)

// own reports on a mixture file or a table.
func (c *reportCommand) own(s *session) error {
	loss, err := c.loss()
	if err != nil {
		return err
	}
	switch {
	case c.Claims != nil:
		return errors.New("--claims: expected none with a mixture file or --data, as their report is about that mixture; leave one out")
	case c.Compare != "":
		return errors.New("--compare: expected none with a mixture file or --data: reports of claims are compared with earlier ones")
	}
	subject, err := c.subject(s)
	if err != nil {
		return err
	}
	subject.Loss = loss
	if subject.Proof, err = c.provable(); err != nil {
		subject.NoProof = words.Sentence(err)
	}
	if err := c.solvable(subject); err != nil {
		return inFile(c.source(), c.advised(err))
	}
	if err := reports.Prepare(c.Out); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	options := reports.OwnOptions{Effort: reports.Full, Seed: s.Seed, Limit: c.reading(), Workers: runtime.GOMAXPROCS(0), Stamp: c.Stamp}
	if c.Quick {
		options.Effort = reports.Quick
	}
	bar := s.progress(options.Steps(subject), "making the report")
	options.Progress = func(steps int) { _ = bar.Add(steps) }
	own, ended := reports.GatherOwn(s.context(), subject, options)
	_ = bar.Finish()
	switch interrupted := errors.Is(ended, context.Canceled); {
	case interrupted && len(own.Readings) == 0:
		return fmt.Errorf("%w before the first verdict", errInterrupted)
	case interrupted:
		ended = errPartly
	case ended != nil:
		return inFile(c.source(), ended)
	}
	printed, err := c.write(s, own)
	if err != nil {
		return err
	}
	return errors.Join(s.print(reportedOwn{own.Verdict(), own.Complete, c.written(printed)}), ended)
}

// subject reads what the flags name.
func (c *reportCommand) subject(s *session) (reports.Subject, error) {
	subject := reports.Subject{Centred: c.Centre, Command: c.again(s)}
	if err := c.check(); err != nil {
		return subject, err
	}
	if c.Data == "" {
		d, err := c.document(s)
		subject.Pairs = d.Pairs
		return subject, err
	}
	t, shrinkage, err := c.table(s)
	if err != nil {
		return subject, err
	}
	p, text, err := c.fittedTo(s, t, shrinkage)
	if err != nil {
		return subject, err
	}
	subject.Table, subject.Text, subject.Shrinkage, subject.Notes = t, text, shrinkage, c.notes()
	subject.Lambdas = c.preparation.classLambdas()
	subject.Pairs, err = c.adjusted(p)
	return subject, err
}

// solvable refuses a mixture that the loss is not for, or whose solve would take longer than the limit.
func (c *reportCommand) solvable(subject reports.Subject) error {
	if err := subject.Loss.Admit(subject.Pairs); err != nil {
		return err
	}
	if subject.Loss.Oracle.Own(subject.Pairs) {
		return c.apart(subject.Loss, subject.Pairs, false)
	}
	return nil
}

// ofMixture names a flag that was given and says something of a mixture, if any.
func (c *reportCommand) ofMixture() string {
	switch {
	case c.Label != "":
		return "--label"
	case c.Shrinkage != nil:
		return "--shrinkage"
	case c.Centre:
		return "--centre"
	case c.Delta != nil:
		return "--delta"
	case c.Exact:
		return "--exact"
	case c.Limit != 1:
		return "--limit"
	}
	return c.sampled.given()
}

// again is the command that makes the report anew.
func (c *reportCommand) again(s *session) string {
	words := []string{"contrastcheck", "report"}
	flag := func(name, value string) {
		if value != "" {
			words = append(words, name, value)
		}
	}
	set := func(name string, given bool) {
		if given {
			words = append(words, name)
		}
	}
	if c.File != "" {
		words = append(words, c.File)
	}
	flag("--data", c.Data)
	flag("--label", c.Label)
	flag("--labels", c.Labels)
	flag("--text", c.Text)
	set("--no-header", c.NoHeader)
	flag("--drop", strings.Join(c.Drop, ","))
	flag("--missing", c.Missing)
	set("--exact", c.Exact)
	if c.ownCovariances() {
		flag("--covariance", c.Covariance)
	}
	if c.Shrinkage != nil {
		flag("--shrinkage", *c.Shrinkage)
	}
	set("--centre", c.Centre)
	if c.input.Delta != nil {
		flag("--delta", *c.input.Delta)
	}
	flag("--loss", c.Loss)
	if c.Score != "dot" {
		flag("--score", c.Score)
	}
	if !strings.EqualFold(c.Map, losses.Linear) {
		flag("--map", c.Map)
	}
	flag("--negatives", c.Negatives)
	flag("--bias", c.Bias)
	flag("--margin", c.Margin)
	if c.Limit != 1 {
		flag("--limit", strconv.FormatFloat(float64(c.Limit), 'g', -1, 64))
	}
	set("--quick", c.Quick)
	flag("--seed", strconv.FormatUint(s.Seed, 10))
	flag("--out", "report")
	for i, word := range words {
		words[i] = shellWord(word)
	}
	return strings.Join(words, " ")
}

// shellWord quotes what a shell would not take for one word.
func shellWord(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./,:=+@%", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// reportedOwn is the output of report about a mixture.
type reportedOwn struct {
	Verdict  string   `json:"verdict"`
	Complete bool     `json:"complete"`
	Files    []string `json:"files"`
}

// text writes it for a person.
func (r reportedOwn) text(b *bytes.Buffer, _ bool) {
	fmt.Fprintf(b, "%s\n%s\n", r.Verdict, strings.Join(r.Files, "\n"))
}
