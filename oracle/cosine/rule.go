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
	// beside and above are how far the ellipse of a panel, ρ = 2, reaches beyond it along the real line, and into the complex plane, in half-widths: (ρ + 1/ρ)/2 − 1 and (ρ − 1/ρ)/2.
	beside, above = 0.25, 0.75
	mostPanels    = 160
	unit          = 1.0 / (1 << 53) // of rounding
)

// gauss is a Gauss–Legendre rule on [−1, 1], to a few roundings.
type gauss struct{ at, weight []float64 }

// fine is what values are enclosed by, and coarse what they are looked for by.
var fine, coarse = legendre(28), legendre(10)

func legendre(order int) gauss {
	g := gauss{make([]float64, order), make([]float64, order)}
	quad.Legendre{}.FixedLocations(g.at, g.weight, -1, 1)
	return g
}

// truncation: an integrand that is analytic and at most M on the ellipse of a panel of half-width w has an error of at most truncation·w·M, 64ρ^(−2n)/(15(1 − ρ⁻²))
// (L. N. Trefethen, Is Gauss quadrature better than Clenshaw–Curtis?, SIAM Review 50, 2008, theorem 4.5).
func (g gauss) truncation() float64 {
	const rho = 2
	return 64.0 / 15 / (1 - 1.0/(rho*rho)) * math.Pow(rho, -2*float64(len(g.at)))
}

// on returns the nodes of a panel and their weights.
func (g gauss) on(p panel, i int) (node, weight float64) {
	w := p.half()
	return p.from + w*(1+g.at[i]), w * g.weight[i]
}

// panel is an interval of angles.
type panel struct{ from, to float64 }

func (p panel) half() float64   { return (p.to - p.from) / 2 }
func (p panel) height() float64 { return above * p.half() }

// extended are the real parts of points on the ellipse.
func (p panel) extended() (from, to float64) {
	more := beside * p.half()
	return p.from - more, p.to + more
}

// panels halves [from, to] until every panel is short enough.
func panels(from, to float64, short func(panel) bool) ([]panel, error) {
	var done []panel
	open := []panel{{from, to}}
	for len(open) > 0 {
		p := open[len(open)-1]
		open = open[:len(open)-1]
		switch {
		case short(p):
			done = append(done, p)
		case len(done)+len(open) >= mostPanels:
			return nil, fmt.Errorf("%w, %d", ErrPanels, mostPanels)
		default:
			middle := (p.from + p.to) / 2
			open = append(open, panel{middle, p.to}, panel{p.from, middle})
		}
	}
	return done, nil
}
