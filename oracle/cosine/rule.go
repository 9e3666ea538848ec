package cosine

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/integrate/quad"
)

// ErrPanels says that the integrands vary so fast that the rule would have more nodes than it may.
var ErrPanels = errors.New("cosine: expected a temperature and a noise not so small that the loss needs more panels than are allowed")

const (
	// order is the number of nodes of a panel. With the ellipse's ρ = 2, an integrand that is analytic and at most M on the ellipse of a panel of half-width w has an error of at most truncation·w·M
	// (L. N. Trefethen, Is Gauss quadrature better than Clenshaw–Curtis?, SIAM Review 50, 2008, theorem 4.5: 64ρ^(−2n)/(15(1 − ρ⁻²))).
	order      = 28
	truncation = 64.0 / 15 / (1 - 1.0/4) / (1 << 28) / (1 << 28)
	// beside and above are how far that ellipse reaches beyond a panel along the real line, and into the complex plane, in half-widths: (ρ + 1/ρ)/2 − 1 and (ρ − 1/ρ)/2.
	beside, above = 0.25, 0.75
	mostPanels    = 160
	unit          = 1.0 / (1 << 53) // of rounding
)

// panel is an interval of angles.
type panel struct{ from, to float64 }

func (p panel) half() float64   { return (p.to - p.from) / 2 }
func (p panel) height() float64 { return above * p.half() }

// extended are the real parts of points on the ellipse.
func (p panel) extended() (from, to float64) {
	more := beside * p.half()
	return p.from - more, p.to + more
}

// gauss are the nodes and weights of a panel of half-width 1, to a few roundings.
var gauss = func() (g struct{ at, weight [order]float64 }) {
	quad.Legendre{}.FixedLocations(g.at[:], g.weight[:], -1, 1)
	return g
}()

// panels halves [0, to] until every panel is fine.
func panels(to float64, fine func(panel) bool) ([]panel, error) {
	var done []panel
	open := []panel{{0, to}}
	for len(open) > 0 {
		p := open[len(open)-1]
		open = open[:len(open)-1]
		switch {
		case fine(p):
			done = append(done, p)
		case len(done)+len(open) >= mostPanels || p.to-p.from < 1e-9*to:
			return nil, fmt.Errorf("%w, %d", ErrPanels, mostPanels)
		default:
			middle := (p.from + p.to) / 2
			open = append(open, panel{middle, p.to}, panel{p.from, middle})
		}
	}
	return done, nil
}

// at returns the nodes of a panel and their weights.
func (p panel) at(i int) (node, weight float64) {
	w := p.half()
	return p.from + w*(1+gauss.at[i]), w * gauss.weight[i]
}

// largestCosine is max c·cos x over [from, to].
func largestCosine(c, from, to float64) float64 {
	peak := 0.0
	if c < 0 {
		peak = math.Pi
	}
	if peak+2*math.Pi*math.Ceil((from-peak)/(2*math.Pi)) <= to {
		return math.Abs(c)
	}
	return math.Max(c*math.Cos(from), c*math.Cos(to))
}
