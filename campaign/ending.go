package campaign

// Ending is a Job whose merge may come to need no more results, and which can tell when, so that shards which nobody needs are not waited for.
type Ending interface {
	Job
	// Enough returns what is called with the results of shards 0, 1, 2, … in their order until it returns true: the merge returns ErrEnough then, too. It is nil where all shards are needed.
	Enough() func(n int, result []byte) bool
}

// Enough counts finds.
func (h hunting) Enough() func(n int, result []byte) bool {
	if h.finds <= 0 {
		return nil
	}
	finds := 0
	return func(n int, result []byte) bool {
		attempts, err := h.read(n, result)
		if err != nil {
			return false // which was checked
		}
		for _, a := range attempts {
			if a.Find != nil {
				finds++
			}
		}
		return finds >= h.finds
	}
}
