package campaign

// sizes are how many random cases of claims take about a second on one core, as powers of 2. They belong to the meaning of a request: with them, shards change, and so does who can work for whom.
var sizes = map[string]int{}

// usualSize is that of a claim without an entry.
const usualSize = 8

// fewestShards is into how many shards the cases of a claim are divided at least, where there are as many, so that a few cores share a small run evenly.
const fewestShards = 16

// casesAShard is how many random cases of a claim make a shard: about a second's.
func casesAShard(id string, cases int) int {
	size, known := sizes[id]
	if !known {
		size = usualSize
	}
	return max(1, min(size, (cases+fewestShards-1)/fewestShards))
}
