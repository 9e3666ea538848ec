package soundness

import (
	"math"
	"math/big"
	"math/rand/v2"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// part is a factor of a product mixture in orthonormal coordinates of its own, with a
// candidate for its minimiser and what is true of both.
type part struct {
	weights      []*big.Rat
	visual, text [][]float64 // text nil for one modality
	candidate    *mat.Dense
	minimiser    *mat.Dense
	gradient     *mat.Dense // at the candidate
	blind        *mat.Dense // the gradient there where rare components are left out
}

// A product mixture has a component for each choice of one component from every part,
// of the product of their weights, whose mean is theirs one under the other. For a block
// diagonal M the logarithm of Σ w exp(xᵀMμ) is the sum of those of the parts, and so are
// all other terms, so that f(M) = Σ f_a(M_a). The part (a, b) of ∇f there is the
// symmetric part of
//
//	μ̄_a (−ν̄_b + ½M_b ν̄_b + ½E m_b)ᵀ + ½(M_a μ̄_a + E m_a) ν̄_bᵀ,   m_a = E[Σ p_k μ_k],
//
// as points of different parts are independent. It vanishes if μ̄_a = ν̄_b = 0, or if
// ν̄_b = E m_b = 0, which is so of a simplex at multiples of the identity. Then M_u is block
// diagonal, by uniqueness, and its eigenvalues are those of its blocks; alike for two modalities.
type product struct {
	parts []part
	delta float64
}

func (p product) components() int {
	k := 1
	for _, x := range p.parts {
		k *= len(x.weights)
	}
	return k
}

// rows returns weights and the means of one side as rows.
func (p product) rows(side func(part) [][]float64) (weights []*big.Rat, means [][]float64) {
	weights, means = []*big.Rat{big.NewRat(1, 1)}, [][]float64{nil}
	for _, x := range p.parts {
		var w []*big.Rat
		var m [][]float64
		for i := range weights {
			for k := range x.weights {
				w = append(w, new(big.Rat).Mul(weights[i], x.weights[k]))
				m = append(m, append(append([]float64{}, means[i]...), side(x)[k]...))
			}
		}
		weights, means = w, m
	}
	return weights, means
}

func visualSide(x part) [][]float64 { return x.visual }
func textSide(x part) [][]float64   { return x.text }

// blocks puts matrices of the parts on a diagonal.
func (p product) blocks(of func(part) *mat.Dense) *mat.Dense {
	rows, columns := 0, 0
	for _, x := range p.parts {
		r, c := of(x).Dims()
		rows, columns = rows+r, columns+c
	}
	out := mat.NewDense(rows, columns, nil)
	rows, columns = 0, 0
	for _, x := range p.parts {
		r, c := of(x).Dims()
		out.Slice(rows, rows+r, columns, columns+c).(*mat.Dense).Copy(of(x))
		rows, columns = rows+r, columns+c
	}
	return out
}

// second is W = I + C of one side.
func (p product) second(side func(part) [][]float64) *mat.SymDense {
	weights, means := p.rows(side)
	total := new(big.Rat)
	for _, w := range weights {
		total.Add(total, w)
	}
	d := len(means[0])
	out := mat.NewSymDense(d, nil)
	for i := range d {
		out.SetSym(i, i, 1)
	}
	for k, w := range weights {
		share, _ := new(big.Rat).Quo(w, total).Float64()
		out.SymRankOne(out, share, mat.NewVecDense(d, means[k]))
	}
	return out
}

// weigh has W of both sides, by eigenvalues and eigenvectors.
type weigh struct {
	left, right   []float64
	leftV, rightV mat.Dense
}

func (p product) weigh() (w weigh) {
	w.left, w.right = decompose(p.second(visualSide), &w.leftV), nil
	if p.parts[0].text == nil {
		w.right = w.left
		w.rightV.CloneFrom(&w.leftV)
	} else {
		w.right = decompose(p.second(textSide), &w.rightV)
	}
	return w
}

func decompose(a *mat.SymDense, vectors *mat.Dense) []float64 {
	var e mat.EigenSym
	if !e.Factorize(a, true) {
		panic("soundness: the eigenvalues did not converge")
	}
	e.VectorsTo(vectors)
	return e.Values(nil)
}

// norm is √Σ_ij X_ij² g(w_i, v_j) in the eigenbases.
func (w weigh) norm(x *mat.Dense, g func(wi, vj float64) float64) float64 {
	var half, turned mat.Dense
	half.Mul(w.leftV.T(), x)
	turned.Mul(&half, &w.rightV)
	var sum float64
	for i, wi := range w.left {
		for j, vj := range w.right {
			sum += turned.At(i, j) * turned.At(i, j) * g(wi, vj)
		}
	}
	return math.Sqrt(sum)
}

// weighted is W^¼XV^¼.
func (w weigh) weighted(x *mat.Dense) *mat.Dense {
	scaled := func(values []float64, vectors *mat.Dense) *mat.Dense {
		n := len(values)
		roots := mat.NewDiagDense(n, nil)
		for i, x := range values {
			roots.SetDiag(i, math.Pow(x, 0.25))
		}
		return turned(vectors, mat.DenseCopyOf(roots), vectors)
	}
	left, right := scaled(w.left, &w.leftV), scaled(w.right, &w.rightV)
	return turned(left, x, right)
}

func dual(w, v float64) float64      { return 2 / (w + v) }
func primal(w, v float64) float64    { return math.Sqrt(w * v) }
func frobenius(_, _ float64) float64 { return 1 }

// setting is how a product is written down as a mixture.
type setting struct {
	permuted, rotated, sheared, embedded bool
}

func drawSetting(rng *rand.Rand) setting {
	coin := func() bool { return rng.IntN(2) == 0 }
	s := setting{permuted: coin(), rotated: coin(), sheared: rng.IntN(4) == 0, embedded: rng.IntN(4) == 0}
	if s.embedded {
		s.rotated = false // rounding would give the means a dimension more
	}
	return s
}

// mixture writes one side of the product down, with the components in the given order;
// u are the means, s×K, in the orthonormal coordinates of the blocks.
func (p product) mixture(side func(part) [][]float64, s setting, order []int, rng *rand.Rand) (m *gmm.Mixture, u *mat.Dense, err error) {
	weights, means := p.rows(side)
	d := len(means[0])
	u = mat.NewDense(d, len(means), nil)
	for to, k := range order {
		u.SetCol(to, means[k])
	}
	written := mat.DenseCopyOf(u)
	if s.rotated {
		written.Mul(rotation(rng, d), u)
	}
	e := gmm.Exact{Covariance: rationals(identity(d))}
	for to, k := range order {
		e.Weights = append(e.Weights, weights[k])
		e.Means = append(e.Means, gmm.Rationals(mat.Col(nil, to, written)...))
	}
	if m, err = gmm.NewExact(e); err != nil {
		return nil, nil, err
	}
	if s.embedded {
		m = m.Embed()
	}
	if s.sheared {
		if m, err = m.Transform(shear(rng, m.Dimension())); err != nil {
			return nil, nil, err
		}
	}
	return m, u, nil
}

// shear is I and a little of dyadic numbers.
func shear(rng *rand.Rand, d int) [][]*big.Rat {
	out := make([][]*big.Rat, d)
	for i := range out {
		for j := range d {
			x := big.NewRat(int64(rng.IntN(17)-8), int64(16*d))
			if i == j {
				x.Add(x, big.NewRat(1, 1))
			}
			out[i] = append(out[i], x)
		}
	}
	return out
}

// turn is the orthogonal map from the blocks' coordinates to whitened ones, from the
// means in both, s×K; columns are brought to unit length, so that far means drown nothing.
func turn(whitened, u *mat.Dense) *mat.Dense {
	s, k := u.Dims()
	a, b := mat.NewDense(k, s, nil), mat.NewDense(k, s, nil)
	for c := range k {
		size := mat.Norm(u.ColView(c), 2)
		if size == 0 {
			continue
		}
		for i := range s {
			a.Set(c, i, u.At(i, c)/size)
			b.Set(c, i, whitened.At(i, c)/size)
		}
	}
	var x mat.Dense
	var qr mat.QR
	qr.Factorize(a)
	if err := qr.SolveTo(&x, false, b); err != nil {
		return nil
	}
	return mat.DenseCopyOf(x.T())
}
