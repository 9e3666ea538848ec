package term

import (
	"fmt"
	"math"

	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// Lattices have 2^firstScattered points a copy or more, grow by factors of 2^latticeStep, and have no more than 2^lastScattered.
const firstScattered, lastScattered = 8, 14

// lattice is the rule of copies of ±2^log points in q directions, turned so that in each the second moments are those of N(0, I): averages of polynomials of degree 3 are exact. Points depend on nothing but
// their number, so that what is minimised by them is one function.
func (l *ownLaw) lattice(q, log int) *scatter {
	key := [2]int{q, log}
	if made := l.many.lattices[key]; made != nil {
		return made
	}
	lattice := quadrature.NewLattice(q, log, latticeSeed)
	out := &scatter{name: fmt.Sprintf("lattice, %d shifts of ±%d points in %d directions", quadrature.Copies, lattice.Points(), q)}
	for c := range quadrature.Copies {
		points := mat.NewDense(lattice.Points(), q, nil)
		for n := range lattice.Points() {
			lattice.Node(c, n, points.RawRowView(n))
		}
		out.points = append(out.points, normalised(points))
	}
	if l.many.lattices == nil {
		l.many.lattices = map[[2]int]*scatter{}
	}
	l.many.lattices[key] = out
	return out
}

// normalised turns points, one a row, so that the average of ttᵀ is I.
func normalised(points *mat.Dense) *mat.Dense {
	n, q := points.Dims()
	second := dense.Times(points.T(), points)
	second.Scale(1/float64(n), second)
	values, vectors := dense.Eigen(second)
	scale := make([]float64, q)
	for i, x := range values {
		scale[i] = 1 / math.Sqrt(x)
	}
	return dense.Times(points, dense.Times(dense.WeightedColumns(vectors, scale), vectors.T()))
}

// averageLattices adds points, after a first average, until the spread of the copies tells an error that is small enough, but not beyond limit.
func (l *ownLaw) averageLattices(sections []*section, tolerance float64, limit int, first *tiltedAverage, average func(rule ownRule) *tiltedAverage) (*tiltedAverage, error) {
	q := sections[0].directions()
	last := first
	for log := firstScattered; ; {
		missed, lossMissed := l.unseen(sections, last.tensor)
		last.ruleError, last.lossRuleError = last.ruleError+missed, last.lossRuleError+lossMissed
		if log += latticeStep; last.ruleError <= tolerance/2 || log > lastScattered || 2*quadrature.Copies<<log > limit {
			return l.sane(last)
		}
		last = l.spread(l.lattice(q, log), average)
		l.spendScattered(last.tensor, q)
	}
}

// spread averages by all copies; errors are sureness standard errors of their mean.
func (l *ownLaw) spread(points *scatter, average func(rule ownRule) *tiltedAverage) *tiltedAverage {
	n := float64(len(points.points))
	out := &tiltedAverage{tensor: ownRule{scattered: points}}
	var parts []*tiltedAverage
	for i := range points.points {
		a := average(ownRule{scattered: &scatter{points: points.points[i : i+1], name: points.name}})
		parts = append(parts, a)
		out.loss += a.loss / n
		out.terms += a.terms / n
		out.lossTerms += a.lossTerms / n
		if out.gradient == nil {
			rows, columns := a.gradient.Dims()
			out.gradient = mat.NewDense(rows, columns, nil)
		}
		dense.AddScaled(out.gradient, 1/n, a.gradient)
	}
	var squares, lossSquares float64
	for _, a := range parts {
		a.gradient.Sub(a.gradient, out.gradient)
		squares += math.Pow(l.norm(a.gradient), 2)
		lossSquares += math.Pow(a.loss-out.loss, 2)
	}
	out.ruleError = sureness * math.Sqrt(squares/(n*(n-1)))
	out.lossRuleError = sureness * math.Sqrt(lossSquares/(n*(n-1)))
	return out
}

// thinned is the rule of about so many nodes of a lattice's, if it has more.
func (r *ownRule) thinned(most int) *ownRule {
	points := r.scattered.points
	n, q := points[0].Dims()
	for 2*n*len(points) > most && len(points) > 1 {
		points = points[:len(points)/2]
	}
	for 2*n*len(points) > most && n > 1<<firstScattered {
		n /= 2
	}
	thin := &scatter{name: r.scattered.name}
	for _, p := range points {
		thin.points = append(thin.points, p.Slice(0, n, 0, q).(*mat.Dense))
	}
	return &ownRule{scattered: thin}
}
