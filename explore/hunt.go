package explore

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
)

// found ends a hunt, with a mixture if there is one.
type found struct {
	Mixture  json.RawMessage `json:"mixture,omitempty"`
	Sentence string          `json:"sentence"`
	Tried    int             `json:"tried"`
}

// underWay is a piece of a hunt.
type underWay struct {
	Tried    int    `json:"tried"`
	Sentence string `json:"sentence"`
}

// The budget of a hunt: walks from the mixture, each with a first step in standard deviations and in logarithms of weights, and what each may try.
var firstSteps = []float64{0.05, 0.2, 0.6}

const mostTried, shortest = 1200, 1e-3

// hunt looks for a mixture near the one that is given of which equality is refuted: it descends a height, which is negative there, by random steps of weights and means, goes back towards the
// mixture as far as the verdict stays, and rounds the numbers. The height is
//
//	λ (1 + β)²/β,    λ = λ_min(M_u), β = λ_min(E[μμᵀ]), both whitened and on the subspace:
//
// M_u vanishes as E[μμᵀ] does where means come to lie in fewer directions, and as its inverse where they are far apart, and neither is a way to lose one.
func hunt(ctx context.Context, body []byte, part func(any)) (any, error) {
	a, err := read(body)
	if err != nil {
		return nil, err
	}
	if err := a.Pairs.WantSingle(); err != nil {
		return nil, err
	}
	if err := a.loss.Admit(a.Pairs); err != nil {
		return nil, err
	}
	h := &hunting{asked: a, centred: a.Pairs.Left.Centred(), part: part, rng: rand.New(rand.NewPCG(1, 0)), best: math.Inf(1)}
	h.origin = h.point()
	if _, verdict := h.see(h.origin); verdict == oracle.Refuted {
		return found{Sentence: "the mixture is a counterexample itself", Tried: h.tried}, nil
	}
	for _, step := range firstSteps {
		x, ok := h.descend(ctx, step)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if ok {
			return h.nearest(x)
		}
	}
	return found{Sentence: fmt.Sprintf("no counterexample was found near here: of %d mixtures the best has %s", h.tried, h.ratio()), Tried: h.tried}, nil
}

// hunting is a hunt under way. Points are logarithms of weights, and means in standard deviations of their coordinates.
type hunting struct {
	asked
	centred bool
	part    func(any)
	rng     *rand.Rand
	memory  losses.Workspace
	origin  []float64
	best    float64 // the smallest height seen
	tried   int
}

// ratio says how near to a counterexample the hunt has come.
func (h *hunting) ratio() string {
	return fmt.Sprintf("height %.3g, and less than 0 would refute", h.best)
}

// point is that of the mixture.
func (h *hunting) point() (x []float64) {
	for _, w := range h.Pairs.Weights() {
		x = append(x, math.Log(w))
	}
	means, covariance := h.Pairs.Left.Means(), h.Pairs.Left.Covariance()
	k, d := means.Dims()
	for i := range k {
		for j := range d {
			x = append(x, means.At(i, j)/math.Sqrt(covariance.At(j, j)))
		}
	}
	return x
}

// pairs are those of a point, with so many significant digits; of a centred mixture they are centred.
func (h *hunting) pairs(x []float64, digits int) (gmm.Pairs, error) {
	e, covariance := h.Pairs.Left.Exact(), h.Pairs.Left.Covariance()
	k, d := len(e.Means), len(e.Means[0])
	e.Weights, e.Means = make([]*big.Rat, k), make([][]*big.Rat, k)
	lightest := slices.Min(x[:k])
	for i := range k {
		e.Weights[i] = decimal(math.Exp(x[i]-lightest), digits)
		e.Means[i] = make([]*big.Rat, d)
		for j := range d {
			e.Means[i][j] = decimal(x[k+i*d+j]*math.Sqrt(covariance.At(j, j)), digits)
		}
	}
	if h.centred {
		e = balanced(e)
	}
	return made(e, h.Pairs.ExactDelta())
}

// exactly is the number of digits that lose nothing.
const exactly = 17

// see returns the height of a point and the verdict; infinite where nothing is known.
func (h *hunting) see(x []float64) (float64, oracle.Verdict) {
	p, err := h.pairs(x, exactly)
	if err != nil {
		return math.Inf(1), oracle.Undecided
	}
	return h.judge(p)
}

func (h *hunting) judge(p gmm.Pairs) (float64, oracle.Verdict) {
	h.tried++
	d, err := h.memory.Decide(context.Background(), h.loss, p, losses.Options{Limit: limit})
	if err != nil || len(d.Findings.Spectrum) == 0 {
		return math.Inf(1), oracle.Undecided
	}
	beta := leastScatter(d.Pairs)
	height := d.Findings.Spectrum[0] * (1 + beta) * (1 + beta) / beta
	if math.IsNaN(height) {
		height = math.Inf(1)
	}
	h.best = min(h.best, height)
	return height, d.Findings.Equality()
}

// leastScatter is the smallest eigenvalue of E[μμᵀ] on the Fisher subspace, whitened; NaN where it is not known.
func leastScatter(p gmm.Pairs) float64 {
	w, err := p.WhitenFisher()
	if err != nil {
		return math.NaN()
	}
	s, k := w.Left.Means.Dims()
	scatter := mat.NewSymDense(s, nil)
	for i := range k {
		scatter.SymRankOne(scatter, p.Weights()[i], mat.NewVecDense(s, mat.Col(nil, i, w.Left.Means)))
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(scatter, false) {
		return math.NaN()
	}
	return eigen.Values(nil)[0]
}

// descend walks from the mixture by steps that grow where one succeeds and shrink where not, so that about one in five does.
func (h *hunting) descend(ctx context.Context, step float64) ([]float64, bool) {
	const lengthen, report = 1.5, 25
	shorten := math.Pow(lengthen, -0.25)
	at := h.origin
	height, verdict := h.see(at)
	for n := 0; n < mostTried && step > shortest && verdict != oracle.Refuted && ctx.Err() == nil; n++ {
		next := slices.Clone(at)
		for i := range next {
			next[i] += step * h.rng.NormFloat64()
		}
		if there, v := h.see(next); there < height || v == oracle.Refuted {
			at, height, verdict = next, there, v
			step *= lengthen
		} else {
			step *= shorten
		}
		if n%report == 0 {
			h.part(underWay{h.tried, fmt.Sprintf("%d mixtures tried; the best has %s", h.tried, h.ratio())})
		}
	}
	return at, verdict == oracle.Refuted
}

// nearest goes back from a counterexample towards the mixture as far as it stays one, keeps a little away from the end of that, and rounds.
func (h *hunting) nearest(x []float64) (any, error) {
	const halvings, away, coarsest = 10, 0.1, 2
	between := func(t float64) []float64 {
		y := slices.Clone(h.origin)
		for i := range y {
			y[i] += t * (x[i] - y[i])
		}
		return y
	}
	low, high := 0.0, 1.0
	for range halvings {
		middle := (low + high) / 2
		if _, v := h.see(between(middle)); v == oracle.Refuted {
			high = middle
		} else {
			low = middle
		}
	}
	y := between(high + away*(1-high))
	for i, x := range h.origin { // what need not have moved goes back
		for _, share := range []float64{1, 0.5} {
			back := slices.Clone(y)
			if back[i] += share * (x - back[i]); back[i] == y[i] {
				break
			}
			if _, v := h.see(back); v == oracle.Refuted {
				y = back
				break
			}
		}
	}
	for digits := coarsest; digits <= exactly; digits++ {
		p, err := h.pairs(y, digits)
		if err != nil {
			continue
		}
		if _, v := h.judge(p); v != oracle.Refuted {
			continue
		}
		file, err := written(p)
		return found{file, fmt.Sprintf("equality fails of the %s, %d mixtures tried", h.loss.Title, h.tried), h.tried}, err
	}
	return nil, refusef("expected a counterexample that stays one when its numbers are rounded, found none")
}

// written is a mixture file.
func written(p gmm.Pairs) (json.RawMessage, error) {
	var file bytes.Buffer
	err := gmm.Write(&file, gmm.Document{Pairs: p})
	return bytes.TrimSpace(file.Bytes()), err
}
