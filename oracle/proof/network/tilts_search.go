package network

import (
	"math"
	"math/big"

	"gonum.org/v1/gonum/mat"
)

// bits of the matrices that are found.
const matrixBits = 40

func roundedMatrix(m [2][2]float64) (rounded [2][2]*big.Rat) {
	for i := range 2 {
		for j := range 2 {
			rounded[i][j] = dyadic(m[i][j], matrixBits)
		}
	}
	return rounded
}

// searchOneTower finds M̂ with Γ ⪰ 0 and a bound near the least loss of one tower, Γ(M̂)M̂ being nearly 0; −∞ and no matrix where it does not.
func searchOneTower(p placed[float64], t Tilts) (found [][2][2]*big.Rat, bound float64) {
	n, cells := doubles{}, t.cells()
	inside := func(m [2][2]float64) (float64, [2][2]float64) {
		value, gamma := reluInside(n, p, m, cells)
		return value, oneTower(n, gamma)
	}
	bound = math.Inf(-1)
	const minor = 1e-12 // of a determinant that rounding errors do not make
	take := func(m [2][2]float64) {
		rounded := roundedMatrix(m)
		value, gamma := inside(matrixIn(n, rounded))
		if gamma[0][0] > 0 && determinant(n, gamma) > minor && value > bound {
			bound, found = value, [][2][2]*big.Rat{rounded}
		}
	}
	for _, v := range tiltStarts() {
		v = newton(v, func(v []float64) []float64 {
			_, g := inside(outer(v))
			return []float64{g[0][0]*v[0] + g[0][1]*v[1], g[0][1]*v[0] + g[1][1]*v[1]}
		})
		for _, stretch := range []float64{1e-5, 1e-4} { // Γ grows along M̂
			root := math.Sqrt(1 + stretch)
			take(outer([]float64{root * v[0], root * v[1]}))
		}
		const spread = 1e-5 // Γ = spread I, of an M of rank 2
		m := outer(v)
		full := newton([]float64{m[0][0] + 0.1, m[0][1], m[1][1] + 0.1}, func(x []float64) []float64 {
			_, g := inside([2][2]float64{{x[0], x[1]}, {x[1], x[2]}})
			return []float64{g[0][0] - spread, g[0][1], g[1][1] - spread}
		})
		take([2][2]float64{{full[0], full[1]}, {full[1], full[2]}})
	}
	return found, bound
}

// tiltStarts are vectors v of M̂ = vvᵀ to begin with.
func tiltStarts() (starts [][]float64) {
	for _, v := range [][]float64{{0.4, -0.4}, {0.2, -0.8}, {0.8, -0.2}, {0.5, 0.1}, {0.1, 0.5}, {0.3, 0.3}} {
		for _, size := range []float64{0.3, 1} {
			starts = append(starts, []float64{size * v[0], size * v[1]})
		}
	}
	return starts
}

// outer is vvᵀ.
func outer(v []float64) [2][2]float64 {
	return [2][2]float64{{v[0] * v[0], v[0] * v[1]}, {v[0] * v[1], v[1] * v[1]}}
}

// searchTwoTowers finds five M̂ around a zero of Γ, the minimiser of the loss of two towers: at M̂ + εH⁻¹d_j, H being the derivative of Γ, Γ is nearly εd_j, d_j the unit vectors and minus
// their sum, of which 0 is the average.
func searchTwoTowers(p placed[float64], t Tilts) (found [][2][2]*big.Rat, bound float64) {
	n, cells := doubles{}, t.cells()
	gradient := func(x []float64) []float64 {
		_, g := reluInside(n, p, [2][2]float64{{x[0], x[1]}, {x[2], x[3]}}, cells)
		return []float64{g[0][0], g[0][1], g[1][0], g[1][1]}
	}
	const size = twoTowers - 1
	var at []float64
	for _, v := range append([][]float64{{0, 0}}, tiltStarts()...) {
		m := outer(v)
		x := newton([]float64{m[0][0], m[0][1], m[1][0], m[1][1]}, gradient)
		const zero = 1e-11
		if y := mat.Norm(mat.NewVecDense(size, gradient(x)), 2); y < zero {
			at = x
			break
		}
	}
	bound = math.Inf(-1)
	if at == nil {
		return nil, bound
	}
	derivative := jacobian(at, gradient(at), gradient)
	bound = math.Inf(1)
	const away = 1e-7
	for j := range twoTowers {
		d := mat.NewVecDense(size, nil)
		for i := range size {
			if i == j {
				d.SetVec(i, away)
			} else if j == size {
				d.SetVec(i, -away)
			}
		}
		var step mat.VecDense
		if step.SolveVec(derivative, d) != nil && step.Len() != size {
			return nil, math.Inf(-1)
		}
		rounded := roundedMatrix([2][2]float64{{at[0] + step.AtVec(0), at[1] + step.AtVec(1)}, {at[2] + step.AtVec(2), at[3] + step.AtVec(3)}})
		value, _ := reluInside(n, p, matrixIn(n, rounded), cells)
		bound, found = math.Min(bound, value), append(found, rounded)
	}
	return found, bound
}
