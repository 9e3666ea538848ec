package noncontrastive

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// ErrColumns says that there is no whitened embedding of so many columns.
var ErrColumns = errors.New("noncontrastive: expected 1 to d columns")

// Whitened searches for the A of r columns with AᵀE[xxᵀ]A = I that minimises SimSiam's loss with the best linear predictor W,
//
//	L(A) = min_W E‖WAᵀx − Aᵀx̂‖² = r − ‖AᵀT A‖²_F,   T = E xx̂ᵀ,
//
// by a projected gradient from a random start: A ← A + η TA(AᵀTA), in coordinates in which E[xxᵀ] is the identity, and made orthonormal again, with η doubled where the loss falls and quartered where it does not. It ends where
// rounding does, or after some thousand steps. Covariances may be shared or not. Errors are ErrColumns, gmm.ErrOtherModel of two modalities and gmm.ErrIllConditioned.
func Whitened(p gmm.Pairs, r int, seed uint64) (*mat.Dense, error) {
	if err := p.WantOneModality(); err != nil {
		return nil, err
	}
	m := p.Left
	d := m.Dimension()
	if r < 1 || r > d {
		return nil, fmt.Errorf("%w, found %d of %d", ErrColumns, r, d)
	}
	moment := gmm.RawScatter(m.Weights(), m.Means().T())
	second, pair := mat.NewSymDense(d, nil), mat.NewSymDense(d, nil)
	second.AddSym(m.Pooled().Covariance(), moment)
	mean := mat.NewVecDense(d, nil)
	mean.MulVec(m.Means().T(), mat.NewVecDense(m.Components(), m.Weights()))
	pair.ScaleSym(p.Delta(), moment)
	pair.SymRankOne(pair, 1-p.Delta(), mean)
	var root mat.Cholesky
	if !root.Factorize(second) {
		return nil, fmt.Errorf("noncontrastive: %w", gmm.ErrIllConditioned)
	}
	var lower mat.TriDense
	root.LTo(&lower)
	half, through := new(mat.Dense), new(mat.Dense)
	if half.Solve(&lower, pair) != nil || through.Solve(&lower, half.T()) != nil {
		return nil, fmt.Errorf("noncontrastive: %w", gmm.ErrIllConditioned)
	}
	b := climb(through, orthonormal(random(d, r, seed)))
	a := new(mat.Dense)
	if a.Solve(lower.T(), b) != nil {
		return nil, fmt.Errorf("noncontrastive: %w", gmm.ErrIllConditioned)
	}
	return a, nil
}

// climb maximises ‖BᵀHB‖²_F over orthonormal B from b.
func climb(h, b *mat.Dense) *mat.Dense {
	const steps, still = 4000, 40 // still: steps in a row that gain nothing but rounding
	image, pair, next := new(mat.Dense), new(mat.Dense), new(mat.Dense)
	at := func(b *mat.Dense) float64 {
		image.Mul(h, b)
		pair.Mul(b.T(), image)
		return mat.Norm(pair, 2)
	}
	value, step, idle := at(b), 1.0, 0
	for range steps {
		at(b)
		next.Mul(image, pair)
		next.Scale(step, next)
		next.Add(next, b)
		moved := orthonormal(next)
		switch reached := at(moved); {
		case reached < value*(1-0x1p-50):
			step /= 4
		default:
			if reached > value*(1+0x1p-50) {
				idle = 0
			}
			b, value = moved, math.Max(value, reached)
			step = math.Min(2*step, 0x1p100)
		}
		if idle++; idle > still {
			break
		}
	}
	return b
}

// orthonormal is the first factor of A = QR.
func orthonormal(a *mat.Dense) *mat.Dense {
	d, r := a.Dims()
	var qr mat.QR
	qr.Factorize(a)
	var q mat.Dense
	qr.QTo(&q)
	return mat.DenseCopyOf(q.Slice(0, d, 0, r))
}

// random is a d×r matrix of standard normal numbers.
func random(d, r int, seed uint64) *mat.Dense {
	source := rand.New(rand.NewPCG(seed, 24))
	out := mat.NewDense(d, r, nil)
	out.Apply(func(int, int, float64) float64 { return source.NormFloat64() }, out)
	return out
}
