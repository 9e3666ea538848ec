(* Semidefinite matrices as A A^T, and steps among them. *)
From Coq Require Import Reals Lra Lia Psatz.
From Contrast Require Import Plane Moderate Gaussian InfoNCE Softmax Expectation Objective.
Open Scope R_scope.

Definition det (M : sym) := xx M * yy M - xy M * xy M.

(* Two columns, and zero ones, for a semidefinite matrix whose first entry is not 0. *)
Definition cholesky (M : sym) (j : nat) : point :=
  match j with
  | O => (sqrt (xx M), xy M / sqrt (xx M))
  | S O => (0, sqrt (det M / xx M))
  | _ => (0, 0)
  end.

Lemma gram_cholesky M n : 0 < xx M -> 0 <= det M -> gram (S (S n)) (cholesky M) = M.
Proof.
  intros H D. assert (Q : sqrt (xx M) * sqrt (xx M) = xx M) by (apply sqrt_sqrt; lra).
  assert (Q' : sqrt (det M / xx M) * sqrt (det M / xx M) = det M / xx M).
  { apply sqrt_sqrt. apply Rmult_le_pos; [exact D|left; apply Rinv_0_lt_compat; exact H]. }
  pose proof (sqrt_lt_R0 _ H) as P.
  unfold gram. induction n as [|n IH].
  - destruct M as [a b c]. simpl in *. f_equal.
    + lra.
    + field. lra.
    + rewrite Q'. unfold det; simpl.
      replace (b / sqrt a * (b / sqrt a)) with (b * b / (sqrt a * sqrt a)) by (field; lra). rewrite Q. field. lra.
  - etransitivity; [|exact IH]. rewrite !(sum_step (S (S n))). simpl (cholesky M (S (S n))). simpl fst; simpl snd.
    rewrite !Rmult_0_r, !Rplus_0_r. reflexivity.
Qed.

(* On the way from a positive definite matrix to any other the first ones are positive definite. *)
Lemma mix_positive M K most : 0 < xx M -> 0 < det M -> 0 < most <= 1 ->
  exists l, 0 < l <= most /\ 0 < xx (mix l M K) /\ 0 < det (mix l M K).
Proof.
  intros H D [Hm Hm1].
  set (a := xx K - xx M). set (b := yy K - yy M). set (c := xy K - xy M).
  set (u := xx M * b + yy M * a - 2 * xy M * c). set (v := a * b - c * c).
  set (k := Rabs u + Rabs v + 1). set (k' := Rabs a + 1).
  pose proof (Rabs_pos u). pose proof (Rabs_pos v). pose proof (Rabs_pos a).
  assert (Pk : 0 < k) by (unfold k; lra). assert (Pk' : 0 < k') by (unfold k'; lra).
  set (l := Rmin most (Rmin (det M / (2 * k)) (xx M / (2 * k')))).
  assert (Hl : 0 < l) by (repeat apply Rmin_pos; try lra; apply Rdiv_lt_0_compat; lra).
  assert (L1 : l <= most) by apply Rmin_l.
  assert (L2 : l * (2 * k) <= det M).
  { apply Rle_trans with (det M / (2 * k) * (2 * k)); [|right; field; lra].
    apply Rmult_le_compat_r; [lra|]. eapply Rle_trans; [apply Rmin_r|apply Rmin_l]. }
  assert (L3 : l * (2 * k') <= xx M).
  { apply Rle_trans with (xx M / (2 * k') * (2 * k')); [|right; field; lra].
    apply Rmult_le_compat_r; [lra|]. eapply Rle_trans; [apply Rmin_r|apply Rmin_r]. }
  exists l. split; [lra|].
  assert (Ia : - Rabs a <= a) by (pose proof (Rle_abs (- a)); rewrite Rabs_Ropp in *; lra).
  assert (Iu : - Rabs u <= u) by (pose proof (Rle_abs (- u)); rewrite Rabs_Ropp in *; lra).
  assert (Iv : - Rabs v <= v) by (pose proof (Rle_abs (- v)); rewrite Rabs_Ropp in *; lra).
  split.
  - replace (xx (mix l M K)) with (xx M + l * a) by (unfold mix, a; simpl; ring). unfold k' in *. nra.
  - replace (det (mix l M K)) with (det M + l * u + l * l * v) by (unfold det, mix, u, v, a, b, c; simpl; ring).
    assert (- (l * Rabs u) <= l * u) by nra.
    assert (l * l <= l) by nra.
    assert (- (l * Rabs v) <= l * l * v) by nra. unfold k in *. nra.
Qed.

Lemma inner_cauchy M K : inner M K * inner M K <= inner M M * inner K K.
Proof.
  unfold inner. destruct M as [a b c], K as [p q r]; simpl.
  assert (0 <= 2 * (a * q - b * p) ^ 2 + (a * r - c * p) ^ 2 + 2 * (b * r - c * q) ^ 2).
  { pose proof (pow2_ge_0 (a * q - b * p)). pose proof (pow2_ge_0 (a * r - c * p)). pose proof (pow2_ge_0 (b * r - c * q)). lra. }
  nra.
Qed.

(* |V| <= eps if |V|^2 <= -<g, V>, here with every factor below 1 before |V|^2. *)
Lemma short_step g V eps : 0 <= eps -> inner g g <= eps * eps ->
  (forall l, 0 < l <= 1 -> inner g V + (1 - l) * inner V V <= 0) -> inner V V <= eps * eps.
Proof.
  intros He Hg H. pose proof (inner_cauchy g V) as C.
  assert (P : 0 <= inner V V) by (unfold inner; nra).
  assert (Q : inner V V <= - inner g V).
  { apply le_epsilon. intros x Hx. destruct (Req_dec (inner V V) 0) as [Z|Z].
    - pose proof (H 1 ltac:(lra)). lra.
    - set (l := Rmin 1 (x / inner V V)).
      assert (Pl : 0 < l) by (apply Rmin_pos; [lra|apply Rdiv_lt_0_compat; lra]).
      pose proof (H l (conj Pl (Rmin_l _ _))) as S.
      assert (l * inner V V <= x).
      { apply Rle_trans with (x / inner V V * inner V V); [|right; field; exact Z]. apply Rmult_le_compat_r; [exact P|apply Rmin_r]. }
      lra. }
  assert (C' : inner g V * inner g V <= eps * eps * inner V V) by nra.
  destruct (Rle_dec (inner V V) (eps * eps)) as [|N]; [assumption|exfalso].
  assert (inner V V * inner V V <= inner g V * inner g V) by nra.
  assert (0 < inner V V) by nra. nra.
Qed.

Lemma form_bound V v t : 0 <= t -> inner V V <= t * t -> form V v v <= t * dot v v.
Proof.
  intros Ht H. pose proof (inner_cauchy V (outer v v)) as C.
  replace (inner V (outer v v)) with (form V v v) in C by (unfold inner, outer, form, apply, dot; simpl; field).
  replace (inner (outer v v) (outer v v)) with (dot v v * dot v v) in C by (unfold inner, outer, dot; simpl; field).
  assert (P : 0 <= dot v v) by (unfold dot; nra).
  assert (C' : form V v v * form V v v <= (t * dot v v) * (t * dot v v)) by nra.
  assert (0 <= t * dot v v) by nra. nra.
Qed.

Lemma form_gram r A v : form (gram r A) v v = sum r (fun j => dot (A j) v * dot (A j) v).
Proof. rewrite <- score_form. reflexivity. Qed.

Lemma gram_small r A : (r <= 1)%nat -> det (gram r A) = 0.
Proof. intros H. destruct r as [|[|r]]; [| |lia]; unfold det, gram; simpl; ring. Qed.

(* A singular gram matrix has all its columns in a line. *)
Lemma singular_collapsed r A : det (gram r A) = 0 -> collapsed r A.
Proof.
  intros D. unfold collapsed.
  assert (K : forall v, form (gram r A) v v = 0 -> forall j, (j < r)%nat -> dot (A j) v = 0).
  { intros v Hv. apply (sum_squares_0 r (fun j => dot (A j) v)). rewrite <- form_gram. exact Hv. }
  set (M := gram r A) in *. clearbody M. unfold det in D.
  destruct (Req_dec (xx M) 0) as [Z|Z].
  - exists (1, 0). split; [intros E; injection E; lra|]. apply K.
    unfold form, apply, dot; simpl. rewrite Z. ring.
  - exists (- xy M, xx M). split; [intros E; injection E; lra|]. apply K.
    unfold form, apply, dot; simpl. nra.
Qed.

Lemma gram_positive r A : det (gram r A) <> 0 -> 0 < xx (gram r A) /\ 0 < det (gram r A).
Proof.
  intros D. set (M := gram r A) in *.
  assert (P : forall v, 0 <= form M v v).
  { intros v. unfold M. rewrite form_gram. apply sum_ge_0. intros; nra. }
  clearbody M.
  assert (X : 0 <= xx M) by (pose proof (P (1, 0)) as Q; unfold form, apply, dot in Q; simpl in Q; lra).
  assert (Z : xx M <> 0).
  { intros Z. pose proof (P (- (1 + yy M), 2 * xy M)) as Q. unfold det in D. rewrite Z in D.
    unfold form, apply, dot in Q; simpl in Q. rewrite Z in Q.
    assert (xy M <> 0) by (intros E; apply D; rewrite E; ring). nra. }
  pose proof (P (- xy M, xx M)) as Q. unfold form, apply, dot in Q; simpl in Q.
  assert (0 <= xx M * det M) by (unfold det; nra). split; [lra|].
  destruct (Rtotal_order (det M) 0) as [L|[L|L]]; [|contradiction|exact L]. nra.
Qed.

