package proof

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof/box"
	"contrastcheck/oracle/proof/rational"
)

// Region is what a certificate about a whole box of mixtures has in place of all from Basis on: that Col(A*) = S_F holds, or fails, for the InfoNCE loss of each of them. Its certificate's Pairs have
// the numbers that are no sides.
type Region struct {
	Sides   []box.Side
	Centred bool // every mixture's mean is subtracted
	box.Proof
}

// Box is the box of a certificate with a Region.
func (c Certificate) Box() box.Box {
	return box.Box{Pairs: c.Pairs, Sides: c.Region.Sides, Centred: c.Region.Centred}
}

// writtenRegion is the JSON object of a certificate about a box.
type writtenRegion struct {
	Claim     string         `json:"claim,omitempty"`
	Statement string         `json:"statement"`
	Verdict   string         `json:"verdict"`
	Box       []writtenSide  `json:"box"`
	Centred   bool           `json:"centred,omitempty"`
	Accuracy  uint           `json:"accuracy"`
	Pieces    []writtenPiece `json:"pieces"`
	Digest    string         `json:"sha256"`
}

type writtenSide struct {
	Number string `json:"number"`
	Low    string `json:"low"`
	High   string `json:"high"`
}

// writtenPiece is a cut through a side, from 1, or a leaf.
type writtenPiece struct {
	Cut       int          `json:"cut,omitempty"`
	Minimiser [][]string   `json:"minimiser,omitempty"`
	Moves     [][][]string `json:"moves,omitempty"`
	Witness   []string     `json:"witness,omitempty"`
}

// ofBoxes tells that a certificate's object is one about a box.
func ofBoxes(object json.RawMessage) bool {
	var kind struct {
		Pieces json.RawMessage `json:"pieces"`
	}
	return json.Unmarshal(object, &kind) == nil && kind.Pieces != nil
}

// writtenRegion is the object of a certificate about a box.
func (c Certificate) writtenRegion() writtenRegion {
	r := c.Region
	body := writtenRegion{Claim: c.Claim, Statement: c.statement(), Verdict: c.Verdict.String(), Centred: r.Centred, Accuracy: r.Accuracy}
	for _, s := range r.Sides {
		body.Box = append(body.Box, writtenSide{s.Path.String(), s.Low.RatString(), s.High.RatString()})
	}
	for _, p := range r.Pieces {
		if p.Cut != box.Leaf {
			body.Pieces = append(body.Pieces, writtenPiece{Cut: p.Cut + 1})
			continue
		}
		leaf := writtenPiece{Minimiser: formatMatrix(p.Minimiser), Witness: formatRow(p.Witness)}
		for _, move := range p.Moves {
			leaf.Moves = append(leaf.Moves, formatMatrix(move))
		}
		body.Pieces = append(body.Pieces, leaf)
	}
	return body
}

// decodeRegion reads the object of a certificate about a box, with its digest.
func decodeRegion(decoder *json.Decoder, p gmm.Pairs) (c Certificate, digest string, err error) {
	var body writtenRegion
	if err = decoder.Decode(&body); err != nil {
		return c, "", err
	}
	r := &Region{Centred: body.Centred}
	r.Accuracy = body.Accuracy
	c = Certificate{Pairs: p, Claim: body.Claim, Region: r}
	switch body.Verdict {
	case oracle.Holds.String():
		c.Verdict = oracle.Holds
	case oracle.Refuted.String():
		c.Verdict = oracle.Refuted
	default:
		return c, "", fmt.Errorf("a verdict %q", body.Verdict)
	}
	r.Verdict = c.Verdict
	for _, side := range body.Box {
		s, failure := side.side()
		if failure != nil {
			return c, "", failure
		}
		r.Sides = append(r.Sides, s)
	}
	for _, piece := range body.Pieces {
		p, failure := piece.piece()
		if failure != nil {
			return c, "", failure
		}
		r.Pieces = append(r.Pieces, p)
	}
	return c, body.Digest, nil
}

func (w writtenSide) side() (s box.Side, err error) {
	if s.Path, err = gmm.ParsePath(w.Number); err != nil {
		return s, err
	}
	ends, err := parseRow([]string{w.Low, w.High})
	if err == nil {
		s.Low, s.High = ends[0], ends[1]
	}
	return s, err
}

func (w writtenPiece) piece() (p box.Piece, err error) {
	if w.Cut != 0 {
		if w.Minimiser != nil || w.Moves != nil || w.Witness != nil {
			return p, errors.New("a cut with a minimiser")
		}
		return box.Piece{Cut: w.Cut - 1}, nil
	}
	p.Cut = box.Leaf
	read := func(rows [][]string) (m rational.Matrix) {
		for _, row := range rows {
			numbers, failure := parseRow(row)
			m, err = append(m, numbers), errors.Join(err, failure)
		}
		return m
	}
	p.Minimiser = read(w.Minimiser)
	for _, move := range w.Moves {
		p.Moves = append(p.Moves, read(move))
	}
	if w.Witness != nil {
		p.Witness = read([][]string{w.Witness})[0]
	}
	return p, err
}

// ProveBox returns a certificate that equality, Col(A*) = S_F, of the InfoNCE loss holds, or fails, for every mixture of a box. Its errors are ErrNotProved, with gmm.ErrCost where a larger limit
// may mend it, where the box cannot be divided into pieces that are proved, as where the verdict changes inside it; and box.ErrHypotheses and gmm.InputErrors of boxes that contain what is no mixture or has
// no Fisher subspace of the same dimension.
func (l Limit) ProveBox(b box.Box) (Certificate, error) {
	if err := l.boxed(b); err != nil {
		return Certificate{}, err
	}
	found, _, err := box.Prove(b, float64(l))
	if err != nil {
		return Certificate{}, open(err)
	}
	return Certificate{Pairs: b.Pairs, Verdict: found.Verdict, Region: &Region{Sides: b.Sides, Centred: b.Centred, Proof: found}}, nil
}

// open is the error of a box, ErrNotProved where a piece is not decided.
func open(err error) error {
	if errors.Is(err, box.ErrOpen) {
		return fmt.Errorf("%w: %w", ErrNotProved, err)
	}
	return err
}

// boxed refuses pairs of other laws, and those on which exact elimination would take longer than the limit.
func (l Limit) boxed(b box.Box) error {
	if err := InfoNCE.Admit(b.Pairs); err != nil {
		return err
	}
	return l.affordable(b.Pairs.Left.Exact())
}

// checkBox proves the certificate's verdict of every mixture of its box anew, or refuses it.
func (l Limit) checkBox(c Certificate) (Theorem, error) {
	b, said := c.Box(), c.Region.Proof
	if said.Verdict = c.Verdict; c.Loss.Words() != InfoNCE.Words() {
		return Theorem{}, refused("the InfoNCE loss, of which there are proofs about boxes", "%s", c.Loss.Words())
	}
	if err := l.boxed(b); err != nil {
		return Theorem{}, err
	}
	bounds, err := box.Check(b, said, float64(l))
	switch {
	case errors.Is(err, gmm.ErrCost):
		return Theorem{}, fmt.Errorf("%w: %w", ErrNotProved, err)
	case err != nil:
		return Theorem{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return Theorem{
		Loss: c.Loss, Verdict: c.Verdict, Dimension: bounds.Dimension, Hypotheses: c.Hypotheses(), Statement: c.statement(), By: ByBox,
		Margin: new(big.Rat).SetFloat64(bounds.Margin), Radius: new(big.Rat).SetFloat64(bounds.Radius), Box: &bounds,
	}, nil
}

// hypothesesOfBox are those that all mixtures of a box have.
func hypothesesOfBox(b box.Box) Hypotheses {
	of := hypothesesOf(b.Pairs)
	apart, centred := b.Facts()
	least, certain := b.Pairs.ExactDelta(), of.Certain
	for _, s := range b.Sides {
		if s.Path.IsDelta() {
			least = s.Low
			certain = s.Low.Cmp(big.NewRat(1, 1)) == 0
		}
	}
	return Hypotheses{Informative: least.Sign() > 0 && apart, Certain: certain, Centred: centred}
}

// boxStatement is what is said of every mixture of a box, in words.
func (c Certificate) boxStatement() string {
	relation := "="
	if c.Verdict == oracle.Refuted {
		relation = "≠"
	}
	of, centred := c.Box(), ""
	if of.Centred {
		centred = ", with its mean subtracted,"
	}
	delta := ""
	if !of.VariesDelta() {
		delta = " at δ = " + c.Pairs.ExactDelta().RatString()
	}
	return fmt.Sprintf("Col(A*) %s S_F for the InfoNCE minimiser A* of every mixture%s with %s%s and the other numbers as here, at every rank r ≥ dim S_F", relation, centred, of, delta)
}
