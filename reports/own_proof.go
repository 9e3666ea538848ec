package reports

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"unicode"
	"unicode/utf8"

	"contrastcheck/gmm"
	"contrastcheck/internal/workers"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems/proofs"
)

// endedEarly is why a part is missing that an interruption left undone.
const endedEarly = "The work was ended early."

// prove proves equality of a reading, or its contrary, if that is to be had within the limit; the context's error is the only one.
func (s Subject) prove(ctx context.Context, reading string, d decided, o OwnOptions) (OwnProof, json.RawMessage, error) {
	none := func(why string) (OwnProof, json.RawMessage, error) { return OwnProof{LeftOut: why}, nil, nil }
	switch {
	case s.NoProof != "":
		return none(capital(s.NoProof) + ".")
	case s.Table != nil && s.Table.Rounded():
		return none("There is no proof, as the table is a big one, and was fitted in float64; with --exact it is fitted in exact arithmetic.")
	case s.Proof.Admit(d.pairs) != nil:
		return none(fmt.Sprintf("There is no proof: proofs of this loss are about %s, and this is %s.", s.Proof.Model(), d.pairs.Model()))
	}
	const solves, quickly = 10, 0.1
	limit, dear := o.Limit, tooLong
	if o.Effort.Name == Quick.Name {
		limit *= quickly
		dear = func(error) string { return "Left out of a quick report: a proof would take longer." }
	}
	cost := d.Cost(s.Loss)
	cost.Seconds *= solves
	if err := limit.Allows("", "a proof", cost); err != nil {
		return none(dear(err))
	}
	type proved struct {
		certificate proof.Certificate
		theorem     proof.Theorem
	}
	found, err := workers.Await(ctx, func() (p proved, err error) {
		if p.certificate, err = proofs.ProveEquality(s.Proof, d.pairs, proof.Limit(limit)); err == nil {
			p.theorem, err = proofs.Check(p.certificate, proof.Limit(limit))
		}
		return p, err
	})
	if ctx.Err() != nil {
		return OwnProof{LeftOut: endedEarly}, nil, ctx.Err()
	}
	if errors.Is(err, gmm.ErrCost) {
		return none(dear(err))
	}
	if err != nil {
		return none("No proof was found: " + plainly(err) + ".")
	}
	var certificate bytes.Buffer
	if err := found.certificate.Write(&certificate); err != nil {
		panic("reports: " + err.Error()) // a buffer takes everything
	}
	t, file := found.theorem, "certificate-"+reading+".json"
	return OwnProof{Verdict: t.Verdict.String(), Margin: t.Bound(), Statement: t.Statement, By: string(t.By), File: file, Command: "contrastcheck recheck " + file},
		certificate.Bytes(), nil
}

// tooLong is the sentence about a part that is left out for its cost.
func tooLong(err error) string {
	var refusal *gmm.InputError
	if errors.As(err, &refusal) {
		return fmt.Sprintf("Left out for its cost. %s; expected %s.", capital(refusal.Found), refusal.Expected)
	}
	return "Left out for its cost: " + plainly(err) + "."
}

// plainly is an error without the names of packages, and without saying that something is not proved.
func plainly(err error) string { return packages.ReplaceAllString(err.Error(), "$1") }

var packages = regexp.MustCompile(`(^|: )(?:(?:gmm|solver|quadrature|oracle|theorems|comparison|frontier|losses|proof|interval|not proved): )+`)

// capital begins a sentence.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
