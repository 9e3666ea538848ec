// Package answer writes what is decided of a mixture in the JSON form of contrastcheck solve, for all who serve it.
package answer

import (
	"encoding/json"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// Solution is the output of solve, in the order and with the keys of its JSON form. Containment and equality are those of all modalities
// together. What does not apply is left out.
type Solution struct {
	Made
	Name            string           `json:"name"`
	Components      int              `json:"components"`
	Dimension       Each[int]        `json:"dimension"`
	FisherDimension Each[int]        `json:"fisher_dimension"`
	Envelope        *int             `json:"envelope_dimension,omitempty"`
	Delta           *float64         `json:"delta,omitempty"`
	Rank            int              `json:"rank"`
	Method          string           `json:"method"`
	Minimiser       Minimiser        `json:"minimiser"`
	Attained        *bool            `json:"attained,omitempty"`
	Unconstrained   *Unconstrained   `json:"unconstrained,omitempty"`
	Inside          *Inside          `json:"inside,omitempty"`
	Couplings       []Coupling       `json:"couplings,omitempty"`
	Quadrature      *Quadrature      `json:"quadrature,omitempty"`
	Containment     Containment      `json:"containment"`
	Equality        *Equality        `json:"equality,omitempty"`
	Directions      Each[Directions] `json:"directions,omitempty"`
	Visual          *SideVerdicts    `json:"visual,omitempty"`
	Text            *SideVerdicts    `json:"text,omitempty"`
	Certificate     Certificate      `json:"certificate"`
	Refined         any              `json:"refined,omitempty"`
	Data            any              `json:"data,omitempty"`
	Seconds         float64          `json:"seconds"`
	Loss            string           `json:"loss"`
	Score           string           `json:"score"`
	Map             string           `json:"map"`
	Negatives       Setting          `json:"negatives,omitempty"`
	Bias            *Number          `json:"bias,omitempty"`
	Effect          *Effect          `json:"effect,omitempty"`
	Against         any              `json:"against_shared,omitempty"`
	Bootstrap       any              `json:"bootstrap,omitempty"`
	Centred         *Solution        `json:"centred,omitempty"`

	// What it was made of. The blocks above of type any are those of commands that see more than a mixture; nil stands for none.
	Of       losses.Loss     `json:"-"` // the loss
	Findings oracle.Findings `json:"-"`
	How      string          `json:"-"` // the solver's rule
	Affine   *Affine         `json:"-"`
	Given    gmm.Pairs       `json:"-"`
	Decision losses.Decision `json:"-"`
	Effects  []oracle.Effect `json:"-"` // of each modality
	Leaves   bool            `json:"-"` // the envelope is larger than the Fisher subspace
}

type Minimiser struct {
	M              Matrix    `json:"m"`
	A              Matrix    `json:"a,omitempty"`
	B              []float64 `json:"b,omitempty"`
	AVisual        Matrix    `json:"a_visual,omitempty"`
	AText          Matrix    `json:"a_text,omitempty"`
	Loss           Number    `json:"loss"`
	Rank           int       `json:"rank"`
	SingularValues []float64 `json:"whitened_singular_values,omitzero"`
	GradientNorm   *Number   `json:"gradient_norm,omitempty"`
	DistanceBound  Number    `json:"distance_bound"`
	// OffRange is, of affine maps of own covariances, the part of c* that no b makes, as the solver finds it.
	OffRange *Number `json:"off_range,omitempty"`

	None bool `json:"-"` // of affine maps: there is no minimiser
}

// MarshalJSON implements json.Marshaler.
func (m Minimiser) MarshalJSON() ([]byte, error) {
	if m.None {
		return []byte("null"), nil
	}
	type plain Minimiser
	return json.Marshal(plain(m))
}

type Unconstrained struct {
	M             Matrix    `json:"m"`
	C             []float64 `json:"c,omitempty"`
	Loss          Number    `json:"loss"`
	Eigenvalues   []float64 `json:"whitened_eigenvalues"`
	GradientNorm  Number    `json:"gradient_norm"`
	DistanceBound Number    `json:"distance_bound"`
}

// Inside is the best matrix inside S_F, of own covariances; slope is the size of ∇f out of S_F there, and curvature its smallest eigenvalue.
type Inside struct {
	M             Matrix `json:"m"`
	Loss          Number `json:"loss"`
	Rank          int    `json:"rank"`
	DistanceBound Number `json:"distance_bound"`
	Slope         Number `json:"slope"`
	SlopeError    Number `json:"slope_error"`
	Curvature     Number `json:"curvature"`
	Off           Number `json:"curvature_error"`
}

type Quadrature struct {
	Rule          string `json:"rule"`
	Points        int    `json:"points"`
	ErrorEstimate Number `json:"error_estimate"`
}

type Containment struct {
	Verdict string `json:"verdict"`
	Defect  Number `json:"defect"`
	By      string `json:"by,omitempty"`
}

type Equality struct {
	Verdict string `json:"verdict"`
	Margin  Number `json:"margin"`
}

type SideVerdicts struct {
	Containment Containment `json:"containment"`
	Equality    Equality    `json:"equality"`
	Effect      *Effect     `json:"effect,omitempty"`
}

type Certificate struct {
	Grade   string `json:"grade"`
	Epsilon Number `json:"epsilon"`
	Rule    string `json:"rule"`
}

func newSolution(loss losses.Loss, p gmm.Pairs, rank int, d losses.Decision) Solution {
	c, f := d.Lifted(), d.Findings
	evidence, margin := f.Evidence, f.Margin()
	if evidence.Own() {
		margin = math.NaN() // is none of equality
	}
	s := Solution{Name: p.Name(), Components: p.Components(), Rank: rank, Method: c.Method,
		Loss: loss.Settings.Loss, Score: loss.Settings.Score, Map: loss.Settings.Map, Negatives: Setting(loss.Settings.Negatives),
		Minimiser:   newMinimiser(p, c.Constrained, max(rank, c.Constrained.Rank), margin),
		Containment: NewContainment(f.Containment(), f.Defect(), by(d)),
		Certificate: Certificate{evidence.Grade.String(), Number(evidence.Epsilon), evidence.Decided()},
		Of:          loss, Findings: f, How: c.Rule, Given: p}
	s.Directions = newDirections(f)
	if b := c.Constrained.Bias; loss.Settings.Bias != "" && !math.IsNaN(b) {
		bias := Number(b)
		s.Bias = &bias
	}
	for _, m := range []*gmm.Mixture{p.Left, p.Right}[:p.Modalities()] {
		s.Dimension = append(s.Dimension, m.Dimension())
		s.FisherDimension = append(s.FisherDimension, m.FisherDimension())
	}
	s.withEnvelope(d)
	if c.Points > 0 {
		s.Quadrature = &Quadrature{c.Rule, c.Points, Number(c.RuleError)}
	}
	if !evidence.Stationary() {
		s.Equality = &Equality{f.Equality().String(), Number(margin)}
	}
	switch {
	case p.Modalities() == 2:
		s.Minimiser.Rank = d.Rank()
		s.Visual, s.Text = newSide(f.Sides[0]), newSide(f.Sides[1])
		return s
	case evidence.Own():
		within := newMinimiser(p, c.Inside, 0, math.NaN())
		side := f.Sides[0]
		s.Inside = &Inside{within.M, within.Loss, within.Rank, within.DistanceBound, Number(side.Slope), Number(side.SlopeError), Number(side.Curvature), Number(side.CurvatureError)}
	case !evidence.Stationary():
		free := newMinimiser(p, c.Free, 0, f.Margin())
		s.Unconstrained = &Unconstrained{free.M, nil, free.Loss, append([]float64{}, f.Spectrum...), Number(c.Free.GradientNorm), free.DistanceBound}
	}
	delta := p.Delta()
	s.Delta = &delta
	return s
}

func NewContainment(verdict oracle.Verdict, defect float64, by string) Containment {
	return Containment{Verdict: verdict.String(), Defect: Number(defect), By: by}
}

// by names what makes containment hold, but for numbers.
func by(d losses.Decision) string {
	switch {
	case d.Findings.ByConstruction():
		return "construction"
	case d.Findings.Sides[0].Invariant:
		return "invariance"
	case d.Findings.Sides[0].Grouped:
		return "the group condition"
	}
	return ""
}

func newSide(s oracle.Side) *SideVerdicts {
	byConstruction := ""
	if s.ByConstruction {
		byConstruction = "construction"
	}
	return &SideVerdicts{Containment: NewContainment(s.Containment, s.Defect, byConstruction), Equality: Equality{s.Equality.String(), Number(s.Margin)}}
}

// newMinimiser writes a minimum with representations of so many columns, for columns > 0, in as many digits as that takes. Where nothing bounds the
// distance to a minimum, or M is 0, float64 is as good as any.
func newMinimiser(p gmm.Pairs, x solver.Minimum, columns int, margin float64) Minimiser {
	out := Minimiser{Loss: Number(x.Loss), Rank: x.Rank}
	left, right := Matrix(nil), Matrix(nil)
	if columns > 0 {
		left, right = Rows(x.Left.Padded(p.Left.Dimension(), columns)), Rows(x.Right.Padded(p.Right.Dimension(), columns))
	}
	cost := 0.0 // what printing adds to the distance from the minimiser, of M and of the product of the factors
	if x.Form.N == nil || math.IsInf(x.DistanceBound, 1) {
		out.M = Rows(x.Form.Matrix(p))
	} else {
		near := needed(x.DistanceBound, margin, x.Form.N)
		whole := x.Form.Written(p, near)
		out.M, cost = written(whole, 0), whole.Error
		if x.Left.Columns != nil && columns > 0 {
			l, r := x.Form.WrittenFactors(p, x.Left.Columns, x.Left.Coefficients, x.Right.Columns, x.Right.Coefficients, near)
			left, right, cost = written(l, columns), written(r, columns), math.Max(cost, l.Error)
		}
	}
	out.DistanceBound = Number(x.DistanceBound + cost)
	if p.Modalities() == 1 {
		out.A = left
		return out
	}
	gradient := Number(x.GradientNorm)
	out.AVisual, out.AText, out.GradientNorm, out.SingularValues = left, right, &gradient, append([]float64{}, x.SingularValues...)
	return out
}
