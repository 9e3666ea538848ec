package answer

import (
	"cmp"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/oracle/proof/box"
	"contrastcheck/oracle/proof/network"
)

// Proof is what is proved, or that nothing is, in the order and with the keys of its JSON form.
type Proof struct {
	Name            string `json:"name"`
	Components      int    `json:"components"`
	Dimension       int    `json:"dimension"`
	FisherDimension int    `json:"fisher_dimension"`
	Delta           string `json:"delta"`
	Proved          bool   `json:"proved"`
	Property        string `json:"property,omitempty"` // containment or existence, or else equality
	Verdict         string `json:"verdict"`            // holds, refuted or undecided
	Margin          string `json:"margin,omitempty"`   // a bound of λ_min(M_u) on the subspace, whitened, towards 0
	// Condition encloses the violated first-order condition of containment that is refuted.
	Condition []string `json:"condition,omitempty"`
	// OffRange is, where no affine minimiser exists, a bound of the part of c* that is not in the range of M*, whitened, towards 0.
	OffRange string `json:"off_range,omitempty"`
	Map      string `json:"map,omitempty"` // where it is not linear
	*NetworkProof
	*CosineProof
	*ComparedProof
	*BoxProof
	Claim       string  `json:"claim,omitempty"`
	Statement   string  `json:"statement,omitempty"`
	Reason      string  `json:"reason"` // how it is proved, or why not
	File        string  `json:"file,omitempty"`
	Seconds     float64 `json:"seconds"`
	proof.Words         // of another loss than InfoNCE

	Subspace string `json:"-"`
	Descent  bool   `json:"-"` // the condition is a negative curvature, not a coupling
}

// NewProof is about what is proved for a loss of p, an instance of the claim; about nothing where t is the zero Theorem.
func NewProof(l proof.Loss, p gmm.Pairs, claim string, t proof.Theorem) Proof {
	r := Proof{
		Name: p.Name(), Components: p.Components(), Dimension: p.Left.Dimension(), FisherDimension: p.Left.FisherDimension(),
		Delta: gmm.FormatNumber(p.ExactDelta()), Verdict: t.Verdict.String(), Statement: t.Statement, Words: l.Words(), Subspace: l.Subspace(),
	}
	if seen, err := l.Sees(p); err == nil {
		r.FisherDimension = seen.Left.FisherDimension()
	}
	if proof.OfContainment(l, p) {
		r.Property = "containment"
	}
	if d := t.Departure; d != nil {
		low, high := d.Bounds()
		r.Condition, r.Descent = []string{low, high}, d.Along == nil
	}
	if t.Verdict != oracle.Undecided {
		r.Proved, r.Margin, r.Claim, r.Reason = true, t.Bound(), claim, string(t.By)
	}
	if r.Map = l.Words().Map; t.OffRange != nil {
		r.Property, r.OffRange = existence, t.Off()
	}
	return r
}

// existence is the property that says whether an affine minimiser exists.
const existence = "existence"

// Checked is what a certificate proves.
func Checked(c proof.Certificate, t proof.Theorem) Proof {
	r := NewProof(c.Loss, c.Pairs, c.Claim, t)
	switch {
	case t.Comparison != nil:
		return r.OfNetworks(t.Comparison.Activation, t.Comparison)
	case c.Cosine != nil:
		return r.OfCosines(c.Cosine.Temperature, c.Cosine, t)
	case t.Box != nil:
		return r.OfBox(c.Region, t.Box)
	}
	return r
}

// Result is what is proved.
func (r Proof) Result() string {
	if r.Property == existence {
		return "no affine minimiser exists"
	}
	return cmp.Or(r.Property, "equality") + " " + r.Verdict
}

// NetworkProof is what a report about networks has besides.
type NetworkProof struct {
	Activation string `json:"activation"`
	Biases     bool   `json:"biases"`
}

// ComparedProof has two values of a loss by which containment is refuted.
type ComparedProof struct {
	Outside string `json:"loss_at_most"`    // of what reads noise
	Inside  string `json:"inside_at_least"` // of all that sees S_F alone
	Gap     string `json:"gap_at_least,omitempty"`
}

// OfNetworks makes the report one about networks without biases, with what is proved of them if that is not nil.
func (r Proof) OfNetworks(a network.Activation, b *network.Bounds) Proof {
	r.Property, r.Map, r.NetworkProof = "containment", losses.Networks, &NetworkProof{Activation: string(a)}
	if b != nil {
		r.ComparedProof = &ComparedProof{}
		r.Outside, r.Inside = b.Short()
	}
	return r
}

// CosineProof is what a report about cosines has besides.
type CosineProof struct {
	Temperature string `json:"temperature"`
	Noise       string `json:"noise,omitempty"` // ε of the matrix outside S_F
}

// OfCosines makes the report one about cosines at a temperature, with the comparison of a certificate and what is proved of it, if those are not nil.
func (r Proof) OfCosines(temperature *big.Rat, c *proof.Cosine, t proof.Theorem) Proof {
	r.Property, r.Score, r.CosineProof = "containment", proof.Cosines, &CosineProof{Temperature: temperature.RatString()}
	if c != nil && t.Cosine != nil {
		r.Noise = c.Noise.RatString()
		r.ComparedProof = &ComparedProof{}
		r.Outside, r.Inside = t.Cosine.Short()
		r.Gap = t.Cosine.ShortGap()
	}
	return r
}

// BoxProof is what a report about a box has besides.
type BoxProof struct {
	Box     string `json:"box"`
	Centred bool   `json:"centred"`
	Pieces  int    `json:"pieces"` // that are proved one by one
}

// OfBox makes the report one about a box, with what is proved of it if that is not nil.
func (r Proof) OfBox(region *proof.Region, b *box.Bounds) Proof {
	if b != nil {
		of := box.Box{Sides: region.Sides}
		r.BoxProof, r.FisherDimension = &BoxProof{Box: of.String(), Centred: region.Centred, Pieces: b.Leaves}, b.Dimension
	}
	return r
}
