(* There is such an expectation: iterated integrals in the coordinates along and across e. Rotation.v shows that they are those along the axes. *)
From Coq Require Import Reals Lra Lia Psatz.
From Coquelicot Require Import Coquelicot.
From Interval Require Import Tactic.
From Contrast Require Import Plane Moderate Gaussian Line Improper.
Open Scope R_scope.

(* Some integrals over the line. *)
Lemma moderate1_const c : moderate1 (fun _ => c).
Proof. exists 0, 0. repeat split; try lra. intros. replace (c - c) with 0 by ring. rewrite Rabs_R0. lra. Qed.

Lemma moderate1_id : moderate1 (fun t => t).
Proof. exists 1, 0. repeat split; try lra. intros. rewrite Rmult_0_l, exp_0. lra. Qed.

Lemma moderate1_square : moderate1 (fun t => t * t).
Proof.
  exists 1, 1. repeat split; try lra. intros s t. replace (s * s - t * t) with ((s + t) * (s - t)) by ring.
  rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|].
  pose proof (Rabs_triang s t). pose proof (exp_ineq1_le (1 * (Rabs s + Rabs t))). lra.
Qed.

Lemma moderate1_exp a : moderate1 (fun t => exp (a * t)).
Proof.
  exists (Rabs a), (Rabs a). pose proof (Rabs_pos a). repeat split; try lra. intros s t.
  pose proof (Rabs_pos s). pose proof (Rabs_pos t).
  pose proof (Rle_abs (a * s)) as I1. pose proof (Rle_abs (a * t)) as I2. rewrite Rabs_mult in I1, I2.
  eapply Rle_trans; [apply (exp_lipschitz (a * s) (a * t) (Rabs a * (Rabs s + Rabs t))); nra|].
  replace (a * s - a * t) with (a * (s - t)) by ring. rewrite Rabs_mult. right; ring.
Qed.

Lemma moderate1_exp_abs b : 0 <= b -> moderate1 (fun t => exp (b * Rabs t)).
Proof.
  intros Hb. exists b, b. repeat split; try lra. intros s t. pose proof (Rabs_pos s). pose proof (Rabs_pos t).
  eapply Rle_trans; [apply (exp_lipschitz (b * Rabs s) (b * Rabs t) (b * (Rabs s + Rabs t))); nra|].
  replace (b * Rabs s - b * Rabs t) with (b * (Rabs s - Rabs t)) by ring.
  rewrite Rabs_mult, (Rabs_right b) by lra. pose proof (Rabs_triang_inv2 s t). pose proof (exp_pos (b * (Rabs s + Rabs t))).
  rewrite (Rmult_comm b (exp _)), Rmult_assoc. apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_l; lra.
Qed.

Lemma whole_one : whole (fun _ => 1) = bell_mass.
Proof. unfold whole, bell_mass. f_equal. apply FunctionalExtensionality.functional_extensionality. intros. apply Rmult_1_l. Qed.

Lemma mass_pos : 0 < bell_mass.
Proof.
  assert (L : line bell bell_mass).
  { rewrite <- whole_one. refine (is_RInt_gen_ext _ _ _ _ (whole_correct _ (moderate1_const 1))).
    apply filter_forall. intros ab t _. apply Rmult_1_l. }
  pose proof (cut_line bell 1 1 ltac:(lra) bell_continuous) as C.
  specialize (C ltac:(intros t Ht; pose proof (bell_pos t); rewrite (Rabs_right (bell t)) by lra; rewrite Rmult_1_l; pose proof (Rmult_le_compat_r (bell t) 1 (Rabs t)); lra) bell_mass L).
  integral_intro (RInt (fun t => exp (- t ^ 2 / 2)) (Ropp 1) 1) with (i_prec 30) as B.
  assert (exp (- 1 ^ 2 / 2) <= 7 / 10) by (interval with (i_prec 30)).
  unfold bell in C. apply Rabs_le_between in C. lra.
Qed.

(* Zero, if the integrand has an antiderivative that decays. *)
Lemma whole_zero h H D : moderate1 h -> 0 <= D -> (forall t, is_derive H t (h t * bell t)) ->
  (forall t, Rabs (H t) <= D * exp (- Rabs t)) -> whole h = 0.
Proof.
  intros Hh HD Hd B. destruct (Req_dec (whole h) 0) as [|N]; [assumption|exfalso].
  assert (P : 0 < Rabs (whole h)) by (apply Rabs_pos_lt; exact N).
  destruct (near h (Rabs (whole h) / 2) Hh ltac:(lra)) as (c & Hc & Nc).
  destruct (exp_small (Rabs (whole h) / (4 * (D + 1)))) as (c' & Hc' & Ec).
  { apply Rdiv_lt_0_compat; lra. }
  set (m := Rmax c c'). assert (M1 : c <= m) by apply Rmax_l. assert (M2 : c' <= m) by apply Rmax_r.
  specialize (Nc (- m) m ltac:(lra) M1).
  assert (I : RInt (fun t => h t * bell t) (- m) m = H m - H (- m)).
  { apply (is_RInt_unique (V := R_CompleteNormedModule)). apply (is_RInt_derive (V := R_CompleteNormedModule) H (fun t => h t * bell t)).
    - intros t _. apply Hd.
    - intros t _. apply integrand_continuous; exact Hh. }
  rewrite I in Nc.
  assert (Em : exp (- m) <= exp (- c')) by (apply exp_le; lra).
  pose proof (B m) as B1. pose proof (B (- m)) as B2. rewrite Rabs_Ropp in B2. rewrite (Rabs_right m) in B1, B2 by lra.
  assert (Q : 2 * (D * exp (- m)) < Rabs (whole h) / 2).
  { apply Rmult_lt_compat_r with (r := 4 * (D + 1)) in Ec; [|lra].
    replace (Rabs (whole h) / (4 * (D + 1)) * (4 * (D + 1))) with (Rabs (whole h)) in Ec by (field; lra).
    pose proof (exp_pos (- m)). nra. }
  assert (T : Rabs (whole h) <= Rabs (H m) + Rabs (H (- m)) + Rabs (H m - H (- m) - whole h)).
  { replace (whole h) with (H m + - H (- m) + - (H m - H (- m) - whole h)) at 1 by ring.
    eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp.
    pose proof (Rabs_triang (H m) (- H (- m))) as U. rewrite Rabs_Ropp in U. lra. }
  lra.
Qed.

Lemma whole_id : whole (fun t => t) = 0.
Proof.
  destruct (decay _ (moderate1_const 1)) as (D & HD & B).
  apply (whole_zero (fun t => t) (fun t => - bell t) D moderate1_id HD); [apply bell_derive|].
  intros t. rewrite Rabs_Ropp. rewrite <- (Rmult_1_l (bell t)). apply B.
Qed.

Lemma whole_square : whole (fun t => t * t) = bell_mass.
Proof.
  destruct (decay _ moderate1_id) as (D & HD & B).
  assert (Z : whole (fun t => 1 * (t * t) + -1 * 1) = 0).
  { apply (whole_zero _ (fun t => - (t * bell t)) D); [apply moderate1_linear; [apply moderate1_square|apply moderate1_const]|exact HD| |].
    - intros t. unfold bell. auto_derive; [trivial|].
      replace (- (t * (t * 1)) * / 2) with (- t ^ 2 / 2) by (simpl; field). field.
    - intros t. rewrite Rabs_Ropp. apply B. }
  rewrite (whole_linear 1 (-1) (fun t => t * t) (fun _ => 1)) in Z; [|apply moderate1_square|apply moderate1_const].
  rewrite whole_one in Z. lra.
Qed.

Lemma whole_exp a : whole (fun t => exp (a * t)) = exp (a * a / 2) * bell_mass.
Proof.
  rewrite <- whole_one. set (h := fun t => exp (a * t)). set (k := exp (a * a / 2)).
  assert (Pk : 0 < k) by apply exp_pos.
  destruct (Req_dec (whole h) (k * whole (fun _ => 1))) as [|N]; [assumption|exfalso].
  set (x := Rabs (whole h - k * whole (fun _ => 1))).
  assert (P : 0 < x) by (apply Rabs_pos_lt; lra).
  destruct (near h (x / 2) (moderate1_exp a) ltac:(lra)) as (c & Hc & Nc).
  destruct (near (fun _ => 1) (x / (2 * k)) (moderate1_const 1)) as (c' & Hc' & Nc').
  { apply Rdiv_lt_0_compat; lra. }
  set (m := Rmax c (c' + Rabs a)).
  assert (M1 : c <= m) by apply Rmax_l. assert (M2 : c' + Rabs a <= m) by apply Rmax_r.
  pose proof (Rle_abs a) as A1. pose proof (Rle_abs (- a)) as A2. rewrite Rabs_Ropp in A2.
  specialize (Nc (- m) m ltac:(lra) M1).
  specialize (Nc' (- m - a) (m - a) ltac:(lra) ltac:(lra)).
  assert (I : RInt (fun t => h t * bell t) (- m) m = k * RInt (fun t => 1 * bell t) (- m - a) (m - a)).
  { pose proof (RInt_comp_lin (V := R_CompleteNormedModule) (fun t => 1 * bell t) 1 (- a) (- m) m) as L.
    replace (1 * - m + - a) with (- m - a) in L by ring. replace (1 * m + - a) with (m - a) in L by ring.
    rewrite <- L by (apply (integrand_integrable (fun _ => 1)); apply moderate1_const).
    assert (X : ex_RInt (fun y => scal 1 (1 * bell (1 * y + - a))) (- m) m).
    { apply (ex_RInt_comp_lin (V := R_CompleteNormedModule) (fun t => 1 * bell t)).
      apply (integrand_integrable (fun _ => 1)), moderate1_const. }
    etransitivity; [|exact (RInt_scal (V := R_CompleteNormedModule) (fun y => scal 1 (1 * bell (1 * y + - a))) (- m) m k X)].
    apply RInt_ext. intros t _. unfold scal; simpl. unfold mult; simpl. unfold h, k, bell.
    rewrite !Rmult_1_l, <- !exp_plus. f_equal. field. }
  rewrite I in Nc. set (i := RInt (fun t => 1 * bell t) (- m - a) (m - a)) in *.
  assert (Q : k * Rabs (i - whole (fun _ => 1)) < x / 2).
  { replace (x / 2) with (k * (x / (2 * k))) by (field; lra). apply Rmult_lt_compat_l; assumption. }
  rewrite <- (Rabs_right k) in Q at 1 by lra. rewrite <- Rabs_mult in Q.
  assert (T : x <= Rabs (k * i - whole h) + Rabs (k * (i - whole (fun _ => 1)))).
  { unfold x. replace (whole h - k * whole (fun _ => 1)) with (- (k * i - whole h) + k * (i - whole (fun _ => 1))) by ring.
    eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp. lra. }
  lra.
Qed.

Section planar.
Variable e : point.
Hypothesis He : dot e e = 1.

Definition frame (s t : R) : point := add (scale s e) (scale t (turn e)).
Definition inside (g : point -> R) (s : R) := whole (fun t => g (frame s t)).
Definition planar (g : point -> R) := whole (inside g) / (bell_mass * bell_mass).

Lemma along_frame s t : dot e (frame s t) = s.
Proof. replace s with (s * dot e e) at 2 by (rewrite He; ring). unfold frame, dot, turn, add, scale; simpl; ring. Qed.

Lemma across_frame s t : dot (turn e) (frame s t) = t.
Proof. replace t with (t * dot e e) at 2 by (rewrite He; ring). unfold frame, dot, turn, add, scale; simpl; ring. Qed.

Lemma split_dot a z : dot a z = dot a e * dot e z + dot a (turn e) * dot (turn e) z.
Proof. replace (dot a z) with (dot e e * dot a z) by (rewrite He; ring). unfold dot, turn; simpl; ring. Qed.

Lemma size_frame s t : size (frame s t) <= size e * (Rabs s + Rabs t).
Proof.
  unfold size, frame, turn, add, scale; simpl.
  pose proof (Rabs_triang (s * fst e) (t * - snd e)) as H1. pose proof (Rabs_triang (s * snd e) (t * fst e)) as H2.
  rewrite !Rabs_mult, ?Rabs_Ropp in *. lra.
Qed.

Lemma moderate_frame g : moderate g -> exists C a, 0 <= C /\ 0 <= a /\ forall s t s' t',
  Rabs (g (frame s t) - g (frame s' t')) <= C * exp (a * (Rabs s + Rabs t + (Rabs s' + Rabs t'))) * (Rabs (s - s') + Rabs (t - t')).
Proof.
  intros (C & a & HC & Ha & H). pose proof (size_ge_0 e) as S. exists (C * size e), (a * size e). repeat split; try nra.
  intros s t s' t'. eapply Rle_trans; [apply H|].
  replace (minus (frame s t) (frame s' t')) with (frame (s - s') (t - t')) by (unfold frame, minus, add, scale, turn; simpl; f_equal; ring).
  pose proof (size_frame s t). pose proof (size_frame s' t'). pose proof (size_frame (s - s') (t - t')).
  pose proof (size_ge_0 (frame (s - s') (t - t'))).
  rewrite !Rmult_assoc. apply Rmult_le_compat_l; [exact HC|].
  rewrite (Rmult_comm (size e)), Rmult_assoc.
  replace ((Rabs (s - s') + Rabs (t - t')) * size e) with (size e * (Rabs (s - s') + Rabs (t - t'))) by ring.
  apply Rmult_le_compat; [left; apply exp_pos|assumption| |assumption].
  apply exp_le. apply Rmult_le_compat_l; [exact Ha|]. lra.
Qed.

Lemma moderate_inner g s : moderate g -> moderate1 (fun t => g (frame s t)).
Proof.
  intros Hg. destruct (moderate_frame g Hg) as (C & a & HC & Ha & H).
  exists (C * exp (a * (2 * Rabs s))), a. repeat split; try assumption.
  { pose proof (exp_pos (a * (2 * Rabs s))). nra. }
  intros t t'. eapply Rle_trans; [apply H|]. replace (s - s) with 0 by ring. rewrite Rabs_R0, Rplus_0_l.
  right. replace (a * (Rabs s + Rabs t + (Rabs s + Rabs t'))) with (a * (2 * Rabs s) + a * (Rabs t + Rabs t')) by ring.
  rewrite exp_plus. ring.
Qed.

Lemma moderate_outer g : moderate g -> moderate1 (inside g).
Proof.
  intros Hg. destruct (moderate_frame g Hg) as (C & a & HC & Ha & H).
  set (W := whole (fun t => exp (2 * a * Rabs t))).
  assert (Me : moderate1 (fun t => exp (2 * a * Rabs t))) by (apply moderate1_exp_abs; lra).
  assert (HW : 0 <= W) by (apply whole_ge_0; [exact Me|intros; left; apply exp_pos]).
  exists (C * W), a. repeat split; try nra. intros s s'. unfold inside.
  set (k := C * exp (a * (Rabs s + Rabs s')) * Rabs (s - s')).
  pose proof (exp_pos (a * (Rabs s + Rabs s'))). pose proof (Rabs_pos (s - s')).
  assert (Hk : 0 <= k) by (unfold k; apply Rmult_le_pos; [nra|assumption]).
  assert (B : forall t, Rabs (g (frame s t) - g (frame s' t)) <= k * exp (2 * a * Rabs t)).
  { intros t. eapply Rle_trans; [apply H|]. replace (t - t) with 0 by ring. rewrite Rabs_R0, Rplus_0_r.
    right. unfold k. replace (a * (Rabs s + Rabs t + (Rabs s' + Rabs t))) with (a * (Rabs s + Rabs s') + 2 * a * Rabs t) by ring.
    rewrite exp_plus. ring. }
  assert (M1 : moderate1 (fun t => 1 * g (frame s t) + -1 * g (frame s' t))) by (apply moderate1_linear; apply moderate_inner; exact Hg).
  assert (Eq : whole (fun t => 1 * g (frame s t) + -1 * g (frame s' t)) = whole (fun t => g (frame s t)) - whole (fun t => g (frame s' t))).
  { rewrite (whole_linear 1 (-1) (fun t => g (frame s t)) (fun t => g (frame s' t))) by (apply moderate_inner; exact Hg). ring. }
  assert (Up : whole (fun t => 1 * g (frame s t) + -1 * g (frame s' t)) <= whole (fun t => k * exp (2 * a * Rabs t) + 0 * 1)).
  { apply whole_monotone; [exact M1|apply moderate1_linear; [exact Me|apply moderate1_const]|].
    intros t. specialize (B t). apply Rabs_le_between in B. lra. }
  assert (Lo : whole (fun t => - k * exp (2 * a * Rabs t) + 0 * 1) <= whole (fun t => 1 * g (frame s t) + -1 * g (frame s' t))).
  { apply whole_monotone; [apply moderate1_linear; [exact Me|apply moderate1_const]|exact M1|].
    intros t. specialize (B t). apply Rabs_le_between in B. lra. }
  rewrite (whole_linear k 0 (fun t => exp (2 * a * Rabs t)) (fun _ => 1)) in Up; [|exact Me|apply moderate1_const].
  rewrite (whole_linear (- k) 0 (fun t => exp (2 * a * Rabs t)) (fun _ => 1)) in Lo; [|exact Me|apply moderate1_const].
  fold W in Up, Lo. rewrite Eq in Up, Lo.
  replace (C * W * exp (a * (Rabs s + Rabs s')) * Rabs (s - s')) with (k * W) by (unfold k; ring).
  apply Rabs_le. lra.
Qed.

Lemma planar_linear a b f g : moderate f -> moderate g -> planar (fun z => a * f z + b * g z) = a * planar f + b * planar g.
Proof.
  intros Hf Hg. unfold planar.
  rewrite (whole_ext (inside (fun z => a * f z + b * g z)) (fun s => a * inside f s + b * inside g s)).
  - rewrite whole_linear by (apply moderate_outer; assumption). field. pose proof mass_pos. lra.
  - intros s. unfold inside. apply (whole_linear a b (fun t => f (frame s t)) (fun t => g (frame s t))); apply moderate_inner; assumption.
Qed.

Lemma planar_monotone f g : moderate f -> moderate g -> (forall z, f z <= g z) -> planar f <= planar g.
Proof.
  intros Hf Hg H. unfold planar, Rdiv. apply Rmult_le_compat_r.
  - left. apply Rinv_0_lt_compat. pose proof mass_pos. nra.
  - apply whole_monotone; [apply moderate_outer; exact Hf|apply moderate_outer; exact Hg|].
    intros s. apply whole_monotone; [apply moderate_inner; exact Hf|apply moderate_inner; exact Hg|]. intros t. apply H.
Qed.

Lemma planar_product g A B : moderate1 A -> moderate1 B -> (forall s t, g (frame s t) = A s * B t) ->
  planar g = whole A * whole B / (bell_mass * bell_mass).
Proof.
  intros HA HB H. unfold planar. f_equal.
  rewrite (whole_ext (inside g) (fun s => whole B * A s + 0 * A s)).
  - rewrite whole_linear by assumption. ring.
  - intros s. unfold inside. rewrite (whole_ext _ (fun t => A s * B t + 0 * B t)).
    + rewrite whole_linear by assumption. ring.
    + intros t. rewrite H. ring.
Qed.

Lemma restrict h : moderate (fun z => h (dot e z)) -> moderate1 h.
Proof.
  intros Hh. destruct (moderate_frame _ Hh) as (C & a & HC & Ha & H). exists C, a. repeat split; try assumption.
  intros s t. specialize (H s 0 t 0). rewrite !along_frame in H. replace (0 - 0) with 0 in H by ring.
  rewrite Rabs_R0, !Rplus_0_r in H. exact H.
Qed.

Lemma planar_along h : moderate (fun z => h (dot e z)) -> bell_mass * planar (fun z => h (dot e z)) = whole h.
Proof.
  intros H. rewrite (planar_product _ h (fun _ => 1)); [|apply restrict; exact H|apply moderate1_const|].
  - rewrite whole_one. field. pose proof mass_pos. lra.
  - intros s t. rewrite along_frame. ring.
Qed.

Definition iterated : gaussian e.
Proof.
  pose proof mass_pos as P.
  refine {| mean := planar |}.
  - rewrite (planar_product _ (fun _ => 1) (fun _ => 1)); [|apply moderate1_const|apply moderate1_const|intros; ring].
    rewrite whole_one. field. lra.
  - exact planar_linear.
  - exact planar_monotone.
  - intros a.
    assert (Eq : planar (dot a) = planar (fun z => dot a e * dot e z + dot a (turn e) * dot (turn e) z)).
    { unfold planar. f_equal. apply whole_ext. intros s. apply whole_ext. intros t. apply split_dot. }
    change (planar (dot a) = 0). rewrite Eq, planar_linear by apply moderate_dot.
    rewrite (planar_product (dot e) (fun s => s) (fun _ => 1)); [|apply moderate1_id|apply moderate1_const|intros; rewrite along_frame; ring].
    rewrite (planar_product (dot (turn e)) (fun _ => 1) (fun t => t)); [|apply moderate1_const|apply moderate1_id|intros; rewrite across_frame; ring].
    rewrite whole_id. field. lra.
  - intros a b.
    assert (Eq : planar (fun z => dot a z * dot b z) = planar (fun z => 1 * (dot a e * dot b e * (dot e z * dot e z) + (dot a e * dot b (turn e) + dot a (turn e) * dot b e) * (dot e z * dot (turn e) z))
      + dot a (turn e) * dot b (turn e) * (dot (turn e) z * dot (turn e) z))).
    { unfold planar. f_equal. apply whole_ext. intros s. apply whole_ext. intros t. rewrite (split_dot a), (split_dot b). ring. }
    assert (Ms : forall p q, moderate (fun z => dot p z * dot q z)) by (intros; apply moderate_mult; apply moderate_dot).
    rewrite Eq.
    rewrite (planar_linear 1 (dot a (turn e) * dot b (turn e)) (fun z => dot a e * dot b e * (dot e z * dot e z) + (dot a e * dot b (turn e) + dot a (turn e) * dot b e) * (dot e z * dot (turn e) z))
      (fun z => dot (turn e) z * dot (turn e) z)) by (try apply moderate_plus; try apply moderate_scal; apply Ms).
    rewrite (planar_linear (dot a e * dot b e) _ (fun z => dot e z * dot e z) (fun z => dot e z * dot (turn e) z)) by apply Ms.
    rewrite (planar_product (fun z => dot e z * dot e z) (fun s => s * s) (fun _ => 1)); [|apply moderate1_square|apply moderate1_const|intros; rewrite along_frame; ring].
    rewrite (planar_product (fun z => dot e z * dot (turn e) z) (fun s => s) (fun t => t)); [|apply moderate1_id|apply moderate1_id|intros; rewrite along_frame, across_frame; ring].
    rewrite (planar_product (fun z => dot (turn e) z * dot (turn e) z) (fun _ => 1) (fun t => t * t)); [|apply moderate1_const|apply moderate1_square|intros; rewrite across_frame; ring].
    rewrite whole_id, whole_square, whole_one, (split_dot a b).
    replace (dot e b) with (dot b e) by (unfold dot; ring). replace (dot (turn e) b) with (dot b (turn e)) by (unfold dot; ring).
    field. lra.
  - intros a.
    rewrite (planar_product _ (fun s => exp (dot a e * s)) (fun t => exp (dot a (turn e) * t))); [|apply moderate1_exp|apply moderate1_exp|].
    + rewrite !whole_exp, (split_dot a a).
      replace (dot e a) with (dot a e) by (unfold dot; ring). replace (dot (turn e) a) with (dot a (turn e)) by (unfold dot; ring).
      replace ((dot a e * dot a e + dot a (turn e) * dot a (turn e)) / 2) with (dot a e * dot a e / 2 + dot a (turn e) * dot a (turn e) / 2) by field.
      rewrite exp_plus. field. lra.
    + intros s t. rewrite (split_dot a), along_frame, across_frame. apply exp_plus.
  - intros h H. rewrite planar_along by exact H. apply whole_correct, restrict, H.
  - intros h H. rewrite (planar_product _ h (fun t => t)); [|apply restrict; exact H|apply moderate1_id|].
    + rewrite whole_id. field. lra.
    + intros s t. rewrite along_frame, across_frame. ring.
Defined.
End planar.
