package queue

import "fmt"

// Report is what became of a campaign.
type Report struct {
	Shards      int
	Answered    int // shards with a result
	Redelivered int // times that a shard was handed out again
	Failures    int
	Merged      int
	Workers     int
	Share       float64 // of the shards, to be done again
	Rechecked   int     // shards that were, as they were drawn
	Redone      int     // shards whose result was not to be trusted, and which were done here instead
	Strays      int     // messages that belong to no shard, or that nobody has signed
	Liars       []Liar
}

// Liar is a worker that was caught with a false result.
type Liar struct {
	Name   string
	Shards int // that it had answered, and that were all done again
	Lie    error
}

// Parked is the error of a campaign with shards that have failed too often.
type Parked struct {
	Shards []ParkedShard // in their order
}

// ParkedShard is a shard, from 0, and its last failure.
type ParkedShard struct {
	Shard   int
	Failure string
}

// Error tells of the first.
func (p *Parked) Error() string {
	first := p.Shards[0]
	return fmt.Sprintf("campaign: shards that failed %d times: %d, the first of them number %d: %s", mostFailures, len(p.Shards), first.Shard+1, first.Failure)
}
