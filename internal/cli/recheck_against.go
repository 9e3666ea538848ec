package cli

import (
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/proof"
	"contrastcheck/oracle/proof/box"
)

// reference names the mixture that a certificate is to be about.
type reference struct {
	sampled   `embed:""`
	Against   string  `placeholder:"FILE" help:"Refuse a certificate that is about another mixture, or another δ, than this mixture file's: all numbers are compared exactly."`
	Data      string  `placeholder:"FILE" help:"The same for the mixture that is fitted to this table, as prove --data fits it."`
	Label     string  `placeholder:"COLUMN" help:"With --data, the table's column of class labels."`
	Shrinkage *string `placeholder:"NUMBER|auto" help:"With --data, as of prove."`
	Centre    bool    `aliases:"center" help:"With --against or --data, subtract that mixture's mean first."`
	Delta     *string `placeholder:"NUMBER" help:"With --against or --data, the δ to compare with."`
}

// pairs reads the mixture; ok is false where none is named.
func (r reference) pairs(s *session, l limited) (p gmm.Pairs, source string, ok bool, err error) {
	i := input{limited: l, sampled: r.sampled, File: r.Against, Data: r.Data, Label: r.Label, Shrinkage: r.Shrinkage, Centre: r.Centre, Delta: r.Delta}
	if i.File == "" && i.Data == "" {
		if i.Label != "" || i.Shrinkage != nil || i.Centre || i.Delta != nil || i.given() != "" {
			err = errors.New("expected --against FILE, or --data FILE, beside flags about the mixture to compare with")
		}
		return p, "", false, err
	}
	i.Exact = true
	d, err := i.document(s)
	return d.Pairs, i.source(), true, err
}

// about refuses a certificate that is about other pairs, or of a box that they are not in.
func about(c proof.Certificate, p gmm.Pairs, source string) error {
	what := c.Pairs.Difference(p)
	if c.Region != nil {
		what = outside(c.Box(), p)
	}
	if what != "" {
		return fmt.Errorf("expected a theorem about the mixture of %s, found one with other %s", source, what)
	}
	return nil
}

// outside names in what pairs differ from every member of a box; "" of a member.
func outside(b box.Box, p gmm.Pairs) string {
	paths, values := make([]gmm.Path, len(b.Sides)), make([]*big.Rat, len(b.Sides))
	for i, side := range b.Sides {
		x, err := side.Path.In(p)
		if err != nil || x.Cmp(side.Low) < 0 || x.Cmp(side.High) > 0 {
			return fmt.Sprintf("values of %v", side.Path)
		}
		paths[i], values[i] = side.Path, x
	}
	member, err := gmm.SetAll(b.Pairs, paths, values)
	if err != nil {
		return "numbers"
	}
	if b.Centred {
		own, failure := p.Centre()
		if member, err = member.Centre(); errors.Join(err, failure) != nil {
			return "numbers"
		}
		p = own
	}
	return member.Difference(p)
}
