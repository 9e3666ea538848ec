package answer

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/losses"

	"gonum.org/v1/gonum/mat"
)

// Stationary is the output of solve for a loss that is not convex in M, in the order and with the keys of its JSON form: of solution, without what rests on a
// minimum over all matrices.
type Stationary struct {
	Made
	Name            string              `json:"name"`
	Components      int                 `json:"components"`
	Dimension       int                 `json:"dimension"`
	FisherDimension int                 `json:"fisher_dimension"`
	Delta           float64             `json:"delta"`
	Rank            int                 `json:"rank"`
	Method          string              `json:"method"`
	Minimiser       StationaryMinimiser `json:"minimiser"`
	Inside          StationaryInside    `json:"inside"`
	Quadrature      *Quadrature         `json:"quadrature,omitempty"`
	Containment     Containment         `json:"containment"`
	Certificate     Certificate         `json:"certificate"`
	Data            any                 `json:"data,omitempty"`
	Seconds         float64             `json:"seconds"`
	Loss            string              `json:"loss"`
	Score           string              `json:"score"`
	Map             string              `json:"map"`
	Negatives       Setting             `json:"negatives,omitempty"`
	Bias            *Number             `json:"bias,omitempty"`
	Temperature     *Number             `json:"temperature,omitempty"`
	Normalised      *Normalised         `json:"normalised,omitempty"`
	Centred         *Stationary         `json:"centred,omitempty"`
	Unresolved      string              `json:"unresolved,omitempty"`
}

type StationaryMinimiser struct {
	M            Matrix `json:"m,omitempty"`
	A            Matrix `json:"a,omitempty"`
	Net          any    `json:"net,omitempty"`
	Loss         Number `json:"loss"`
	Rank         int    `json:"rank"`
	Stationary   bool   `json:"stationary"`
	GradientNorm Number `json:"gradient_norm"`
	SecondOrder  Number `json:"second_order"`
	Distance     Number `json:"distance_bound"` // not known
}

type StationaryInside struct {
	Loss    Number `json:"loss"`
	AtLeast Number `json:"at_least"`
}

// NewStationary writes what was found of pairs with representations of rank columns, the best of which has less than that or as many; outside is its share outside the subspace.
func NewStationary(p gmm.Pairs, settings losses.Settings, d losses.Stationary, rank, of int, outside float64) Stationary {
	grade := d.Grade.String()
	by := ""
	if d.Everything {
		by = "construction"
	}
	s := Stationary{Name: p.Name(), Components: p.Components(), Dimension: p.Left.Dimension(), FisherDimension: p.Left.FisherDimension(), Delta: p.Delta(), Rank: rank,
		Method: "literal", Inside: StationaryInside{Number(d.Inside.Loss), Number(d.AtLeast)},
		Minimiser:   StationaryMinimiser{Loss: Number(d.Best.Loss), Rank: of, Stationary: true, GradientNorm: Number(d.Best.GradientNorm), SecondOrder: Number(d.Best.LeastCurvature), Distance: Number(math.Inf(1))},
		Containment: NewContainment(d.Containment(), outside, by), Certificate: Certificate{Grade: grade, Epsilon: Number(math.Inf(1)), Rule: d.By},
		Loss: settings.Loss, Score: settings.Score, Map: settings.Map, Negatives: Setting(settings.Negatives)}
	if a := d.Best.A; a != nil {
		var m mat.Dense
		m.Mul(a, a.T())
		s.Minimiser.M, s.Minimiser.A = Rows(&m), Rows(a)
	}
	if d.Best.Rule != "" {
		s.Quadrature = &Quadrature{Rule: d.Best.Rule, Points: d.Best.Points, ErrorEstimate: Number(d.Best.LossError)}
	}
	if b := d.Best.Bias; !math.IsNaN(b) {
		bias := Number(b)
		s.Bias = &bias
	}
	return s
}

// Normalised is what embeddings of length 1 make of the components: the block of that name.
type Normalised struct {
	Noise          Number `json:"noise"`
	Accuracy       Number `json:"accuracy"`
	AccuracyInside Number `json:"accuracy_inside"`
}

// OfCosines adds what is told of cosines.
func (s Stationary) OfCosines(loss losses.Cosine, d losses.Normalised) Stationary {
	temperature := Number(loss.Temperature())
	s.Temperature, s.Unresolved = &temperature, d.Unresolved
	s.Normalised = &Normalised{Number(d.Effect.Noise), Number(d.Effect.Accuracy), Number(d.Within.Accuracy)}
	return s
}
