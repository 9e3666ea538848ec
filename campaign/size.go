package campaign

import (
	"strings"
	"sync"

	"contrastcheck/frontier"
	"contrastcheck/search"
)

// sizes are how many random cases of claims take about a second on one core, by powers of 2. They belong to the meaning of a request: shards change with them.
var sizes = map[int]string{
	16384: `fisher-optimal svd-spherical svd-shared network-threshold`,
	8192:  `convexity equality-line clip-stationarity agreement-convexity agreement-stationarity`,
	4096: `equality equality-biased equality-weak small-delta symmetric-pair clip-containment-every-pair clip-spectral distance-equality-biased
		affine-equality-pair clip-convexity dv-convexity dv-stationarity spectral-convexity spectral-stationarity distance-stationarity`,
	2048: `containment orthogonal-mean clip-containment dv-equality affine-containment affine-equality simsiam-containment agreement-containment
		spectral-containment distance-convexity`,
	1024: `stationarity equality-centred spectral-equality agreement-equality simsiam-stationarity alignment-uniformity dv-containment distance-containment`,
	512:  `augmentation invariance projection-descent affine-convexity simsiam-containment-wide hadsell-containment hinge-stationarity`,
	256:  `containment-low-rank envelope-necessary sigmoid-stationarity triplet-stationarity distance-triplet-stationarity`,
	128: `distance-equality distance-envelope shared-encoder-gap negatives-stationarity sigmoid-convexity triplet-convexity distance-sigmoid-convexity
		distance-triplet-convexity`,
	64: `sigmoid-equality sign-network-unbiased negatives-convexity hinge-convexity`,
	32: `containment-stable cosine-slope distance-sigmoid-containment distance-triplet-containment`,
	16: `infonce-definition containment-own-covariance sigmoid-equality-centred distance-debiased network-freezing network-spectral negatives-definition
		negatives-containment sigmoid-containment triplet-definition triplet-containment hinge-definition dv-definition agreement-definition
		spectral-definition distance-definition distance-sigmoid-stationarity distance-triplet-definition`,
	8: `clip-definition containment-envelope containment-group-finite negatives-monotone distance-own network-averaging cosine-containment
		cosine-sigmoid-containment sigmoid-definition distance-sigmoid-definition`,
	4: `containment-group own-rank negatives-antitone`,
	2: `negatives-equality hinge-containment`,
	1: `negatives-equality-centred relu-network-unbiased`,
}

// usualSize is that of a claim that is not listed.
const usualSize = 8

// sizeOf is the size of each claim that is listed.
var sizeOf = sync.OnceValue(func() map[string]int {
	of := map[string]int{}
	for size, ids := range sizes {
		for _, id := range strings.Fields(ids) {
			of[id] = size
		}
	}
	return of
})

// fewestShards is into how many shards cases, starts or runs are divided at least, where there are as many, so that a few cores share a small run evenly.
const fewestShards = 16

// casesASecond is how many random cases of a claim take about a second.
func casesASecond(id string) int {
	if size, listed := sizeOf()[id]; listed {
		return size
	}
	return usualSize
}

// casesAShard is how many random cases of a claim make a shard: about a second's.
func casesAShard(id string, cases int) int {
	return share(casesASecond(id), cases)
}

// startsAShard is how many starts of a hunt make a shard: of claims that are drawn on, which take next to nothing, several. An ascent, and making simple what it finds, takes seconds.
func startsAShard(id string, s search.Starts) int {
	return share(casesASecond(id)/s.Most(), s.Len())
}

// share is the number of things that make a shard, of all there are, where as many take a second.
func share(aSecond, all int) int {
	return max(1, min(aSecond, (all+fewestShards-1)/fewestShards))
}

// runsAShard is how many runs of a grid make a shard: about a second's. What a point takes grows with the cube of the components, beside three of which random cases are drawn mostly.
func runsAShard(id string, g frontier.Grid) int {
	const usual = 3
	k := max(g.Base.Components(), usual)
	first, beyond := g.Run(0)
	quick := casesASecond(id) * usual * usual * usual / (k * k * k) / (beyond - first)
	return share(quick, g.Runs())
}
