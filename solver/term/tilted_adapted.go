package term

import (
	"math"
	"slices"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// adaptedDirections is the number of directions from which on each has points of its own.
const adaptedDirections = 3

// adapted is resolve for many directions, of which each has as many points as it needs: the error of a rule is estimated by prudence times the sum of what one more level
// in each direction changes, and the directions that change most get it. Sections are turned so that few directions need many points.
func (l *ownLaw) adapted(sections []*section, tolerance float64, average func(rule ownRule) *tiltedAverage) (*tiltedAverage, error) {
	k, directions := len(l.Weights), sections[0].directions()
	levels := slices.Repeat([]int{coarsestLevel(directions)}, directions)
	var last *tiltedAverage
	for {
		if _, err := l.Budget.Nodes(0, k); err != nil {
			if last == nil {
				return nil, err
			}
			break
		}
		a := l.averaged(levels, average)
		changes := make([]float64, directions)
		var largest float64
		for i := range levels {
			finer := slices.Clone(levels)
			finer[i]++
			b := l.averaged(finer, average)
			if sum := b.loss + mat.Sum(b.gradient); math.IsNaN(sum) || math.IsInf(sum, 0) {
				return nil, descent.ErrSteep
			}
			var difference mat.Dense
			difference.Sub(b.gradient, a.gradient)
			changes[i] = l.norm(&difference)
			a.ruleError += prudence * changes[i]
			a.lossRuleError += prudence * math.Abs(b.loss-a.loss)
			largest = max(largest, changes[i])
		}
		missed, lossMissed := l.unseen(sections, rule(levels))
		a.ruleError, a.lossRuleError = a.ruleError+missed, a.lossRuleError+lossMissed
		if last == nil || a.ruleError < last.ruleError {
			last = a
		}
		if a.ruleError <= tolerance/2 {
			break
		}
		const share = 8 // of the largest change, at which a direction is refined, too
		for i, change := range changes {
			if change >= largest/share {
				levels[i]++
			}
		}
		if slices.Max(levels)+1 >= len(adaptedLevels) || rule(levels).Nodes()*k > mostTiltedNodes {
			break
		}
	}
	if !(last.ruleError <= unresolved*(1+l.norm(mat.DenseCopyOf(last.gradient)))) {
		return nil, descent.ErrSteep
	}
	return last, nil
}

func (l *ownLaw) averaged(levels []int, average func(rule ownRule) *tiltedAverage) *tiltedAverage {
	r := rule(levels)
	l.spend(r)
	return average(r)
}

// adaptedLevels are the numbers of points in a direction.
var adaptedLevels = []int{9, 13, 17, 24, 34, 48, 68, 96, 136, 192}

// coarsestLevel is where directions begin: with fewer than 17 points a rule does not see that far from the mean a wide, rare component takes over, but of four directions with
// as many it has 10⁵ nodes, and a refined one sees as much.
func coarsestLevel(directions int) int {
	if directions > MostWholeDimensions {
		return 1
	}
	return 2
}

// rule is that of levels, one a direction.
func rule(levels []int) ownRule {
	points := make([]int, len(levels))
	for i, level := range levels {
		points[i] = adaptedLevels[level]
	}
	return tensorOf(points)
}

// turn turns the directions t so that the logits differ most along the first: with b_k and Q_k the linear and the quadratic coefficients of F_k less their means of the
// given weights, along the eigenvectors of Σ w_k(b_kb_kᵀ + 2Q_k²), the mean square of the slopes.
func (s *section) turn(weights []float64) {
	q := s.directions()
	mean := mat.NewDense(1+q, 1+q, nil)
	for k, form := range s.forms {
		dense.AddScaled(mean, weights[k], form)
	}
	slopes := mat.NewDense(q, q, nil)
	for k, form := range s.forms {
		off := mat.DenseCopyOf(form)
		off.Sub(off, mean)
		linear, bend := make([]float64, q), mat.DenseCopyOf(off.Slice(1, 1+q, 1, 1+q))
		for i := range linear {
			linear[i] = 2 * off.At(0, 1+i)
		}
		dense.AddOuter(slopes, weights[k], linear, linear)
		dense.AddScaled(slopes, 2*weights[k], dense.Times(bend, bend))
	}
	_, vectors := dense.Eigen(slopes)
	rows, columns := s.points.Dims()
	along := dense.Times(s.points.Slice(0, rows, 1, columns), vectors)
	for i := range q {
		s.points.SetCol(1+i, mat.Col(nil, q-1-i, along))
	}
}
