package cli

import (
	"encoding/json"
	"math"
	"strconv"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/reports"
	"contrastcheck/solver"
)

// solution is the output of solve, in the order and with the keys of its JSON form. Containment and equality are those of all modalities
// together. What does not apply is left out.
type solution struct {
	made
	Name            string           `json:"name"`
	Components      int              `json:"components"`
	Dimension       each[int]        `json:"dimension"`
	FisherDimension each[int]        `json:"fisher_dimension"`
	Envelope        *int             `json:"envelope_dimension,omitempty"`
	Delta           *float64         `json:"delta,omitempty"`
	Rank            int              `json:"rank"`
	Method          string           `json:"method"`
	Minimiser       minimiser        `json:"minimiser"`
	Attained        *bool            `json:"attained,omitempty"`
	Unconstrained   *unconstrained   `json:"unconstrained,omitempty"`
	Inside          *inside          `json:"inside,omitempty"`
	Couplings       []coupling       `json:"couplings,omitempty"`
	Quadrature      *quadrature      `json:"quadrature,omitempty"`
	Containment     containment      `json:"containment"`
	Equality        *equality        `json:"equality,omitempty"`
	Directions      each[directions] `json:"directions,omitempty"`
	Visual          *sideVerdicts    `json:"visual,omitempty"`
	Text            *sideVerdicts    `json:"text,omitempty"`
	Certificate     certificate      `json:"certificate"`
	Refined         *refined         `json:"refined,omitempty"`
	Data            *preparation     `json:"data,omitempty"`
	Seconds         float64          `json:"seconds"`
	Loss            string           `json:"loss"`
	Score           string           `json:"score"`
	Map             string           `json:"map"`
	Negatives       setting          `json:"negatives,omitempty"`
	Bias            *number          `json:"bias,omitempty"`
	Effect          *effect          `json:"effect,omitempty"`
	Against         *againstShared   `json:"against_shared,omitempty"`
	Bootstrap       *resampled       `json:"bootstrap,omitempty"`
	Centred         *solution        `json:"centred,omitempty"`

	loss     losses.Loss
	findings oracle.Findings
	how      string // the solver's rule
	affine   *affine
	given    gmm.Pairs
	found    *reports.Found
	subject  *reports.Subject // of --format notebook, what a fragment of a page is about
	leaves   bool             // the envelope is larger than the Fisher subspace
}

// setting is a parameter of a loss as it is given: a number, or a word.
type setting string

// MarshalJSON implements json.Marshaler.
func (s setting) MarshalJSON() ([]byte, error) {
	if x, err := strconv.ParseFloat(string(s), 64); err == nil && !math.IsInf(x, 0) {
		return json.Marshal(x)
	}
	return json.Marshal(string(s))
}

// each is a value of each modality: of one, that value, of two an object of both.
type each[T any] []T

// MarshalJSON implements json.Marshaler.
func (e each[T]) MarshalJSON() ([]byte, error) {
	if len(e) == 1 {
		return json.Marshal(e[0])
	}
	return json.Marshal(struct {
		Visual T `json:"visual"`
		Text   T `json:"text"`
	}{e[0], e[1]})
}

type minimiser struct {
	M              matrix    `json:"m"`
	A              matrix    `json:"a,omitempty"`
	B              []float64 `json:"b,omitempty"`
	AVisual        matrix    `json:"a_visual,omitempty"`
	AText          matrix    `json:"a_text,omitempty"`
	Loss           number    `json:"loss"`
	Rank           int       `json:"rank"`
	SingularValues []float64 `json:"whitened_singular_values,omitzero"`
	GradientNorm   *number   `json:"gradient_norm,omitempty"`
	DistanceBound  number    `json:"distance_bound"`
	// OffRange is, of affine maps of own covariances, the part of c* that no b makes, as the solver finds it.
	OffRange *number `json:"off_range,omitempty"`

	none bool // of affine maps: there is no minimiser
}

// MarshalJSON implements json.Marshaler.
func (m minimiser) MarshalJSON() ([]byte, error) {
	if m.none {
		return []byte("null"), nil
	}
	type plain minimiser
	return json.Marshal(plain(m))
}

type unconstrained struct {
	M             matrix    `json:"m"`
	C             []float64 `json:"c,omitempty"`
	Loss          number    `json:"loss"`
	Eigenvalues   []float64 `json:"whitened_eigenvalues"`
	GradientNorm  number    `json:"gradient_norm"`
	DistanceBound number    `json:"distance_bound"`
}

// inside is the best matrix inside S_F, of own covariances; slope is the size of ∇f out of S_F there, and curvature its smallest eigenvalue.
type inside struct {
	M             matrix `json:"m"`
	Loss          number `json:"loss"`
	Rank          int    `json:"rank"`
	DistanceBound number `json:"distance_bound"`
	Slope         number `json:"slope"`
	SlopeError    number `json:"slope_error"`
	Curvature     number `json:"curvature"`
	Off           number `json:"curvature_error"`
}

type quadrature struct {
	Rule          string `json:"rule"`
	Points        int    `json:"points"`
	ErrorEstimate number `json:"error_estimate"`
}

type containment struct {
	Verdict string `json:"verdict"`
	Defect  number `json:"defect"`
	By      string `json:"by,omitempty"`
}

type equality struct {
	Verdict string `json:"verdict"`
	Margin  number `json:"margin"`
}

type sideVerdicts struct {
	Containment containment `json:"containment"`
	Equality    equality    `json:"equality"`
	Effect      *effect     `json:"effect,omitempty"`
}

type certificate struct {
	Grade   string `json:"grade"`
	Epsilon number `json:"epsilon"`
	Rule    string `json:"rule"`
}

// number is a float64 that JSON shows as null where it is not finite.
type number float64

// MarshalJSON implements json.Marshaler.
func (x number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(x))
}

func newSolution(loss losses.Loss, p gmm.Pairs, rank int, d losses.Decision) solution {
	c, f := d.Lifted(), d.Findings
	evidence, margin := f.Evidence, f.Margin()
	if evidence.Own() {
		margin = math.NaN() // is none of equality
	}
	s := solution{Name: p.Name(), Components: p.Components(), Rank: rank, Method: c.Method,
		Loss: loss.Settings.Loss, Score: loss.Settings.Score, Map: loss.Settings.Map, Negatives: setting(loss.Settings.Negatives),
		Minimiser:   newMinimiser(p, c.Constrained, max(rank, c.Constrained.Rank), margin),
		Containment: newContainment(f.Containment(), f.Defect(), by(d)),
		Certificate: certificate{evidence.Grade.String(), number(evidence.Epsilon), evidence.Decided()},
		loss:        loss, findings: f, how: c.Rule, given: p}
	s.Directions = newDirections(f)
	if b := c.Constrained.Bias; loss.Settings.Bias != "" && !math.IsNaN(b) {
		bias := number(b)
		s.Bias = &bias
	}
	for _, m := range []*gmm.Mixture{p.Left, p.Right}[:p.Modalities()] {
		s.Dimension = append(s.Dimension, m.Dimension())
		s.FisherDimension = append(s.FisherDimension, m.FisherDimension())
	}
	s.withEnvelope(d)
	if c.Points > 0 {
		s.Quadrature = &quadrature{c.Rule, c.Points, number(c.RuleError)}
		s.how += ", " + count(c.Points, "node")
	}
	if !evidence.Stationary() {
		s.Equality = &equality{f.Equality().String(), number(margin)}
	}
	switch {
	case p.Modalities() == 2:
		s.Minimiser.Rank = d.Rank()
		s.Visual, s.Text = newSide(f.Sides[0]), newSide(f.Sides[1])
		return s
	case evidence.Own():
		within := newMinimiser(p, c.Inside, 0, math.NaN())
		side := f.Sides[0]
		s.Inside = &inside{within.M, within.Loss, within.Rank, within.DistanceBound, number(side.Slope), number(side.SlopeError), number(side.Curvature), number(side.CurvatureError)}
	case !evidence.Stationary():
		free := newMinimiser(p, c.Free, 0, f.Margin())
		s.Unconstrained = &unconstrained{free.M, nil, free.Loss, append([]float64{}, f.Spectrum...), number(c.Free.GradientNorm), free.DistanceBound}
	}
	delta := p.Delta()
	s.Delta = &delta
	return s
}

func newContainment(verdict oracle.Verdict, defect float64, by string) containment {
	return containment{Verdict: verdict.String(), Defect: number(defect), By: by}
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

func newSide(s oracle.Side) *sideVerdicts {
	byConstruction := ""
	if s.ByConstruction {
		byConstruction = "construction"
	}
	return &sideVerdicts{Containment: newContainment(s.Containment, s.Defect, byConstruction), Equality: equality{s.Equality.String(), number(s.Margin)}}
}

// newMinimiser writes a minimum with representations of so many columns, for columns > 0, in as many digits as that takes. Where nothing bounds the
// distance to a minimum, or M is 0, float64 is as good as any.
func newMinimiser(p gmm.Pairs, x solver.Minimum, columns int, margin float64) minimiser {
	out := minimiser{Loss: number(x.Loss), Rank: x.Rank}
	left, right := matrix(nil), matrix(nil)
	if columns > 0 {
		left, right = rows(x.Left.Padded(p.Left.Dimension(), columns)), rows(x.Right.Padded(p.Right.Dimension(), columns))
	}
	cost := 0.0 // what printing adds to the distance from the minimiser, of M and of the product of the factors
	if x.Form.N == nil || math.IsInf(x.DistanceBound, 1) {
		out.M = rows(x.Form.Matrix(p))
	} else {
		near := needed(x.DistanceBound, margin, x.Form.N)
		whole := x.Form.Written(p, near)
		out.M, cost = written(whole, 0), whole.Error
		if x.Left.Columns != nil && columns > 0 {
			l, r := x.Form.WrittenFactors(p, x.Left.Columns, x.Left.Coefficients, x.Right.Columns, x.Right.Coefficients, near)
			left, right, cost = written(l, columns), written(r, columns), math.Max(cost, l.Error)
		}
	}
	out.DistanceBound = number(x.DistanceBound + cost)
	if p.Modalities() == 1 {
		out.A = left
		return out
	}
	gradient := number(x.GradientNorm)
	out.AVisual, out.AText, out.GradientNorm, out.SingularValues = left, right, &gradient, append([]float64{}, x.SingularValues...)
	return out
}
