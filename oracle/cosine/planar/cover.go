package planar

import (
	"errors"
	"math"
)

// errAbove says that a shape has a loss that is not above the bound that was to be shown.
var errAbove = errors.New("planar: a shape with columns in S_F has no higher loss")

// ErrCells says that the bound would need more cells than there may be.
var ErrCells = errors.New("planar: expected a gain that fewer cells of shapes tell from nothing")

// box is a part of the hyperbolic plane of shapes, in polar coordinates t = log 1/ρ and ψ = 2φ; to is +Inf of what reaches to rank one.
type box struct{ near, far, from, to float64 }

// finest is the smallest error of a rule that is worth its nodes.
const finest = 1e-14

// cover shows that the loss of all matrices with columns in S_F is more than least: a box at a time, that is halved where its bound is too low, by values that are known to about small or, where that is too little, better. The error is errAbove where that is not so, as far as is known, of a lower shape, whose ratio is 0 where it is one of rank one; else ErrCells or ErrNodes.
func (m Mixture) cover(scale, least, small float64, mostCells int) (cells int, lower Shape, err error) {
	signs, err := m.newSectors(scale)
	if err != nil {
		return 0, lower, err
	}
	b := newBessel(scale, finest/16)
	var open []box
	const around, ring = 8, 2
	for i := range around {
		from, to := 2*math.Pi*float64(i)/around, 2*math.Pi*float64(i+1)/around
		open = append(open, box{0, 1, from, to}, box{1, ring, from, to}, box{ring, math.Inf(1), from, to})
	}
	for ; len(open) > 0; cells++ {
		if cells >= mostCells {
			return cells, lower, ErrCells
		}
		x := open[len(open)-1]
		open = open[:len(open)-1]
		if math.IsInf(x.far, 1) {
			bound, alone := signs.below(x.from/2, x.to/2, math.Exp(-x.near))
			if bound > least {
				continue
			}
			if alone <= least {
				return cells, Shape{Axis: (x.from + x.to) / 4}, errAbove
			}
			open = append(open, x.outwards(signs)...)
			continue
		}
		centre := Shape{(x.from + x.to) / 4, math.Exp(-(x.near + x.far) / 2)}
		l, err := m.at(centre, b, scale, small)
		if err != nil {
			return cells, lower, err
		}
		for l.error > (l.value-least)/8 && small > finest { // what is known of the value is too little
			small = math.Max(finest, small/64)
			if l, err = m.at(centre, b, scale, small); err != nil {
				return cells, lower, err
			}
		}
		switch {
		case l.below(x.reach()) > least:
		case l.value-l.error <= least:
			return cells, centre, errAbove
		default:
			open = append(open, x.halves()...)
		}
	}
	return cells, lower, nil
}

// reach bounds the distance from the centre to any point of the box: along a circle it grows with the angle, and along a ray it is convex. With half the differences h and a of t and ψ
//
//	sinh²(d/2) = sinh²(h/2) + sinh t sinh t₀ sin²(a/2).
func (x box) reach() float64 {
	middle := (x.near + x.far) / 2
	half := math.Sinh((x.far - x.near) / 4)
	turn := math.Sin((x.to - x.from) / 4)
	farthest := half*half + math.Sinh(x.far)*math.Sinh(middle)*turn*turn
	return 2*math.Asinh(math.Sqrt(farthest))*(1+64*unit) + 64*unit*(1+x.far)
}

// halves halves the longer side.
func (x box) halves() []box {
	if x.far-x.near > math.Sinh((x.near+x.far)/2)*(x.to-x.from) {
		middle := (x.near + x.far) / 2
		return []box{{x.near, middle, x.from, x.to}, {middle, x.far, x.from, x.to}}
	}
	middle := (x.from + x.to) / 2
	return []box{{x.near, x.far, x.from, middle}, {x.near, x.far, middle, x.to}}
}

// outwards divides a box that reaches to rank one: its angles, where they cost more than its ratio does, else into what is near and what is not.
func (x box) outwards(signs sectors) []box {
	narrow, _ := signs.below((x.from+x.to)/4, (x.from+x.to)/4, math.Exp(-x.near))
	thin, _ := signs.below(x.from/2, x.to/2, 0)
	if thin < narrow {
		middle := (x.from + x.to) / 2
		return []box{{x.near, x.far, x.from, middle}, {x.near, x.far, middle, x.to}}
	}
	const step = 0.5
	return []box{{x.near, x.near + step, x.from, x.to}, {x.near + step, x.far, x.from, x.to}}
}
