// Package clustering clusters samples and scores clusterings and classifiers by
// known labels.
//
// Samples are the rows of an n×q matrix, labels are n numbers from 0 on. Everything
// is deterministic for a seed, and ties go to the lower index.
package clustering
