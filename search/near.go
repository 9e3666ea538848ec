package search

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"

	"contrastcheck/gmm"
)

// Near keeps the numbers of a mixture, in the order of its components, within a radius r of those of another, each beside its scale:
//
//	a weight, as a share, and δ    |w′ − w| ≤ r w
//	a mean's coordinate            |x′ − x| ≤ r max(|x|, √Σ_ii)
//	a covariance's entry           |Σ′_ij − Σ_ij| ≤ r √(Σ_ii Σ_jj)
//
// of own covariances with that of the component. All are decided in rationals, of squares.
type Near struct {
	centre draft
	radius *big.Rat
}

// ErrNear says that a mixture or radius is not one to be near to.
var ErrNear = errors.New("search: nothing to be near to")

// NewNear is the neighbourhood of pairs of one modality. The radius must be in (0, 1).
func NewNear(p gmm.Pairs, radius *big.Rat) (*Near, error) {
	if err := p.WantOneModality(); err != nil {
		return nil, err
	}
	if radius.Sign() <= 0 || radius.Cmp(one) >= 0 {
		return nil, fmt.Errorf("%w: expected a radius between 0 and 1, found %s", ErrNear, gmm.FormatNumber(radius))
	}
	return &Near{draftOf(p), radius}, nil
}

// Centre is the mixture, Radius r: NewNear of both is the same neighbourhood.
func (n *Near) Centre() gmm.Pairs {
	c, built := n.centre.build(0)
	if !built {
		panic("search: what is near to a mixture is near to none") // it was made of one
	}
	return c.Pairs
}

// Radius is r.
func (n *Near) Radius() *big.Rat { return n.radius }

func (n *Near) components() int {
	if n == nil {
		return 0
	}
	return n.centre.components()
}

func (n *Near) dimension() int {
	if n == nil {
		return 0
	}
	return n.centre.dimension()
}

// admit tells whether a draft lies there.
func (n *Near) admit(d draft) bool {
	c := n.centre
	if d.components() != c.components() || d.dimension() != c.dimension() || d.own != c.own || !n.admitsDelta(d.delta) {
		return false
	}
	total, centreTotal := sum(d.weights), sum(c.weights)
	for k, w := range d.weights {
		share, at := new(big.Rat).Quo(w, total), new(big.Rat).Quo(c.weights[k], centreTotal)
		if !n.within(share, at, square(at)) {
			return false
		}
		for i, x := range d.means[k] {
			if !n.within(x, c.means[k][i], c.meanScale(k, i)) {
				return false
			}
		}
	}
	for k, rows := range d.covariances {
		for i, row := range rows {
			for j, x := range row[:i+1] {
				if !n.within(x, c.covariances[k][i][j], c.covarianceScale(k, i, j)) {
					return false
				}
			}
		}
	}
	return true
}

func (n *Near) admitsDelta(delta *big.Rat) bool {
	return n.within(delta, n.centre.delta, square(n.centre.delta))
}

// within tells that (x − at)² ≤ r²·scale².
func (n *Near) within(x, at, squaredScale *big.Rat) bool {
	reach := square(n.radius)
	return square(new(big.Rat).Sub(x, at)).Cmp(reach.Mul(reach, squaredScale)) <= 0
}

// meanScale is max(x², Σ_ii), the squared scale of a coordinate of a mean.
func (d draft) meanScale(k, i int) *big.Rat {
	x, v := square(d.means[k][i]), d.covariance(k)[i][i]
	if x.Cmp(v) > 0 {
		return x
	}
	return v
}

// covarianceScale is Σ_ii Σ_jj, the squared scale of an entry.
func (d draft) covarianceScale(n, i, j int) *big.Rat {
	rows := d.covariances[n]
	return new(big.Rat).Mul(rows[i][i], rows[j][j])
}

// covariance is that of a component.
func (d draft) covariance(k int) [][]*big.Rat {
	if d.own {
		return d.covariances[k]
	}
	return d.covariances[0]
}

// draw returns a draft in the neighbourhood, but for what centring does to it: each number moved by a random part of what it may. The first is the centre itself.
func (n *Near) draw(rng *rand.Rand, first bool, delta *big.Rat) draft {
	d := n.centre
	d.delta = delta
	if first {
		return d
	}
	const parts = 64 // the numbers stay short
	moved := func(x *big.Rat, scale float64) *big.Rat {
		r, _ := n.radius.Float64()
		step := math.Exp2(math.Floor(math.Log2(r * scale / parts))) // a dyadic one, at most a part of the reach
		if !(step > 0) || math.IsInf(step, 1) {
			return x
		}
		by := new(big.Rat).SetFloat64(step)
		return new(big.Rat).Add(x, by.Mul(by, big.NewRat(int64(rng.IntN(2*parts+1)-parts), 1)))
	}
	root := func(x *big.Rat) float64 {
		f, _ := x.Float64()
		return math.Sqrt(f)
	}
	total := sum(d.weights)
	d.weights = whole(each(d.weights, func(w *big.Rat) *big.Rat {
		share := new(big.Rat).Quo(w, total)
		f, _ := share.Float64()
		return moved(share, f/2) // half of what it may, as the others' moves count, too
	}))
	for k, row := range d.means {
		for i, x := range row {
			d = d.withMean(k, i, moved(x, root(n.centre.meanScale(k, i))))
		}
	}
	for k, rows := range d.covariances {
		for i, row := range rows {
			for j, x := range row[:i+1] {
				d = d.withCovariance(k, i, j, moved(x, root(n.centre.covarianceScale(k, i, j))))
			}
		}
	}
	return d
}

func square(x *big.Rat) *big.Rat { return new(big.Rat).Mul(x, x) }
