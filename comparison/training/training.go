// Package training minimises a contrastive loss on labelled rows themselves, as those who train do: pairs of rows of one class, all other rows as negatives, no Gaussian
// assumption.
//
// With z_i = Aᵀx_i and the scores s_ij = z_iᵀz_j, or −½|z_i − z_j|², the InfoNCE loss of n rows is
//
//	L(A) = 1/n Σ_i [ log 1/(n−1) Σ_{j≠i} e^{s_ij} − δ · mean_{j∼i} s_ij − (1−δ) · mean_{j≠i} s_ij ],
//
// j ∼ i being the other rows of i's class, and the sigmoid loss with m negatives and the best bias b
//
//	L(A) = min_b 1/n Σ_i [ δ · mean_{j∼i} ℓ(−s_ij − b) + (1−δ) · mean_{j≠i} ℓ(−s_ij − b) + m · mean_{j≠i} ℓ(s_ij + b) ],   ℓ(t) = log(1 + e^t).
//
// In batches of N rows, as most train, the other rows of a batch are an anchor's negatives: with a positive x̂_i of each row i, another row of its class with probability δ, else any other one, the InfoNCE loss is the expectation
//
//	L(A) = E_batch 1/N Σ_{i in batch} [ log 1/N Σ_{j in batch} e^{s(x_i, x̂_j)} − s(x_i, x̂_i) ],
//
// of which the minimiser is found for batches that are drawn beforehand: the average over several shuffles of the rows. Of infinitely many rows it is InfoNCE with N − 1 negatives, which grows
// linearly: where a batch rarely has two rows of one class, samples may be told apart without an error, and the minimum is then far out.
//
// All are convex in M = AAᵀ; of an A with few columns descent finds a stationary point.
package training

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// Rows are n labelled samples.
type Rows struct {
	X     *mat.Dense // n×d
	Class []int      // n, from 0
}

// Loss is one that can be trained.
type Loss struct {
	// Sigmoid is the sigmoid loss, with Negatives m > 0; else it is InfoNCE, of all other rows.
	Sigmoid   bool
	Negatives float64
	// Distances are the scores −½|z_i − z_j|².
	Distances bool
}

// Options steer a training. The zero value asks for the defaults.
type Options struct {
	Loss Loss
	// Delta is δ, the probability in [0, 1] that a pair is one of one class for certain.
	Delta float64
	// Batch is N, the rows of a batch of InfoNCE, from 2 to their number. Zero means that all other rows are negatives.
	Batch int
	// Columns of A: ≥ 1. Zero means as many as X has.
	Columns int
	// Seed determines the rows that descent begins with, and the batches.
	Seed uint64
	// Workers is the number of cores. Zero means one. The result does not depend on it.
	Workers int
}

// Encoder is what training ends with.
type Encoder struct {
	A *mat.Dense // d×r, for x ↦ Aᵀx
	// Bias is b of the sigmoid loss, 0 of others.
	Bias float64
	Loss float64
	// Gradient is the Euclidean norm of the gradient in A for rows whose pooled covariance within classes is I, beside that of the part which positive pairs make.
	Gradient float64
	// Evaluations of the loss of all rows.
	Evaluations int
}

// ErrRows says that rows cannot be trained on.
var ErrRows = errors.New("training: rows cannot be trained on")

// ErrBatch says that batches cannot be drawn, or change nothing.
var ErrBatch = errors.New("training: batches of other size or loss")

// settled is the relative gradient at which training ends: what is left is a tenth of what another sample of ten thousand rows would change, some 1/√n.
const settled = 1e-3

// few is the number of rows that descent begins with: evaluations cost n².
const few = 1500

// Minimise trains an encoder from a start, d×r, on rows in units in which their pooled covariance within classes is I. It ends with ErrRows where a class has fewer than two rows or a number is not finite, and with ErrBatch.
func Minimise(rows Rows, start *mat.Dense, o Options) (Encoder, error) {
	n, d := rows.X.Dims()
	if err := rows.misfit(); err != nil {
		return Encoder{}, err
	}
	if o.Batch != 0 && (o.Batch < 2 || o.Batch > n || o.Loss.Sigmoid) {
		return Encoder{}, fmt.Errorf("%w: expected batches of 2 to %d rows, of InfoNCE; found %d", ErrBatch, n, o.Batch)
	}
	r := cmp.Or(o.Columns, d)
	begin := make([]float64, d*r+1)
	copy(begin, padded(start, d, r).RawMatrix().Data)
	if n > 2*few && o.Batch == 0 { // else an evaluation costs n
		p := newProblem(rows.some(few, rand.New(rand.NewPCG(o.Seed, 1))), r, o)
		found, err := p.descend(begin)
		if err != nil {
			return Encoder{}, err
		}
		begin = found.X
	}
	p := newProblem(rows, r, o)
	found, err := p.descend(begin)
	if err != nil {
		return Encoder{}, err
	}
	gradient := make([]float64, len(begin))
	p.evaluate(found.X, gradient)
	out := Encoder{A: mat.NewDense(d, r, append([]float64(nil), found.X[:d*r]...)), Loss: found.F, Gradient: floats.Norm(gradient, 2) / p.scale, Evaluations: p.evaluations}
	if o.Loss.Sigmoid {
		out.Bias = found.X[d*r]
	}
	return out, nil
}

// misfit says what is wrong with rows.
func (rows Rows) misfit() error {
	n, _ := rows.X.Dims()
	if len(rows.Class) != n {
		return fmt.Errorf("%w: expected a class for each of %d rows, found %d", ErrRows, n, len(rows.Class))
	}
	if total := mat.Norm(rows.X, 1); math.IsNaN(total) || math.IsInf(total, 0) {
		return fmt.Errorf("%w: expected finite numbers", ErrRows)
	}
	for class, members := range rows.members() {
		if len(members) < 2 {
			return fmt.Errorf("%w: expected two rows or more in each class, found %d in class %d", ErrRows, len(members), class)
		}
	}
	return nil
}

// members are the rows of each class.
func (rows Rows) members() [][]int {
	var all [][]int
	for i, class := range rows.Class {
		for len(all) <= class {
			all = append(all, nil)
		}
		all[class] = append(all[class], i)
	}
	return all
}

// some are about so many rows, of each class its share, though two at least.
func (rows Rows) some(count int, rng *rand.Rand) Rows {
	n, d := rows.X.Dims()
	var chosen []int
	for _, members := range rows.members() {
		share := min(len(members), max(2, len(members)*count/n))
		for _, place := range rng.Perm(len(members))[:share] {
			chosen = append(chosen, members[place])
		}
	}
	out := Rows{mat.NewDense(len(chosen), d, nil), nil}
	for row, i := range chosen {
		out.X.SetRow(row, rows.X.RawRowView(i))
		out.Class = append(out.Class, rows.Class[i])
	}
	return out
}

// padded has r columns: those of a, and small ones in the place of missing ones, which 0 would keep.
func padded(a *mat.Dense, d, r int) *mat.Dense {
	out := mat.NewDense(d, r, nil)
	rng := rand.New(rand.NewPCG(1, 2))
	_, columns := a.Dims()
	size := 1e-2 * mat.Norm(a, 2) / math.Sqrt(float64(d))
	for i := range d {
		for j := range r {
			if j < columns {
				out.Set(i, j, a.At(i, j))
			} else {
				out.Set(i, j, size*rng.NormFloat64())
			}
		}
	}
	return out
}

// descend minimises from a start, by L-BFGS.
func (p *problem) descend(start []float64) (*optimize.Result, error) {
	const most = 500
	p.scale = p.pull(start)
	limit := settled * p.scale / math.Sqrt(float64(len(start))) // of the largest entry
	result, err := optimize.Minimize(optimize.Problem{
		Func: func(x []float64) float64 { return p.evaluate(x, nil) },
		Grad: func(into, x []float64) { p.evaluate(x, into) },
	}, start, &optimize.Settings{GradientThreshold: limit, MajorIterations: most, Converger: optimize.NeverTerminate{}}, &optimize.LBFGS{})
	if err != nil && result != nil && !math.IsNaN(result.F) && !math.IsInf(result.F, 0) {
		err = nil // a search along a line ends where rounding does; the gradient says how far that is
	}
	return result, err
}
