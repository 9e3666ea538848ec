package tables

import (
	"fmt"
	"math/rand/v2"

	"contrastcheck/gmm"
)

// Resample draws n of the n samples with replacement, each as likely as any other, as a bootstrap does: how many a class has varies as it would in another
// table, so that class frequencies are estimated anew, too. They come in ascending order.
//
// A resample that misses a class is that of no mixture of K components, and is drawn again; missed counts how often. So resamples are drawn given that they
// have every class. One of n_k samples is missed by (1 − n_k/n)ⁿ ≈ e^(−n_k) of all draws: 37 % for a single sample, 1 in 20,000 for ten. Where a thousand draws
// all miss one, it refuses with a gmm.InputError (ErrShape).
func (t *Table) Resample(rng *rand.Rand) (samples []int, missed int, err error) {
	const most = 1000
	n := len(t.Class)
	times := make([]int, n)
	for ; missed < most; missed++ {
		clear(times)
		for range n {
			times[rng.IntN(n)]++
		}
		if t.everyClass(times) {
			break
		}
	}
	if missed == most {
		return nil, missed, gmm.InSource(t.source, &gmm.InputError{Key: "classes", Reason: gmm.ErrShape,
			Expected: "classes of so many samples that resampling the rows meets them all", Found: fmt.Sprintf("%d resamples, of which each misses one", most)})
	}
	for i, count := range times {
		for range count {
			samples = append(samples, i)
		}
	}
	return samples, missed, nil
}

// everyClass tells whether each class has a sample that is taken.
func (t *Table) everyClass(times []int) bool {
	met, left := make([]bool, len(t.Classes)), len(t.Classes)
	for i, count := range times {
		if count > 0 && !met[t.Class[i]] {
			met[t.Class[i]] = true
			left--
		}
	}
	return left == 0
}
